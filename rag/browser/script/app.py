"""What Streamlit runs, at every click. In a folder of its own: Streamlit imports from beside it."""

import streamlit as st

# Before the navigation, which would have the browser fetch a page's icon from a remote host. No
# layout here: one that is set twice in a run was lost again at the next rerun.
st.set_page_config(page_title="Onrecord", page_icon="📌")

from rag.browser.frame import show  # noqa: E402  (the page's frame first)

show()
