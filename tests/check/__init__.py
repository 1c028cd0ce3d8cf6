"""Is it borne out?"""
