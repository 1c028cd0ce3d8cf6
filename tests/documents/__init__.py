"""Files of every kind and state → documents."""
