"""German enough to find who said what: a folder of tables, as `rag.language.english` is one."""
