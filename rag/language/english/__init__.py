"""English, a table a module; `rag.language.tables` says what each holds."""
