"""What Streamlit runs, at every click. In a folder of its own: Streamlit imports from beside it."""

import streamlit as st

st.set_page_config(page_title="Onrecord", page_icon="📌", layout="centered")

from rag.browser.frame import show  # noqa: E402  (the page's frame first)

show()
