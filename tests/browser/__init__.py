"""The app, in a real browser and in Streamlit's own tests."""
