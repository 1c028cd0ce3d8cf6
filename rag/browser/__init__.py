"""The browser app: one module a page, the parts they share, and what runs beside them.

Only these modules and `app.py` import Streamlit. Document and model text is never given to Markdown
or HTML: the components write it as plain text nodes, so nothing in it can run, load or link.
"""
