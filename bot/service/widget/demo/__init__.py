"""A page of another site that embeds the widget; the browser tests look at the same one."""
