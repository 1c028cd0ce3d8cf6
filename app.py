"""The browser app: `onrecord chat` serves it, and so does `streamlit run app.py`."""

from streamlit import App

from rag.browser.server import PAGE, guards

app = App(PAGE, middleware=guards())
