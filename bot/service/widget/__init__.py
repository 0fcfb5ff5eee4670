"""
The public view: the loader that other sites embed, the conversation, the documents cited, the pages the rules ask for.

    GET /widget.js, /chat, /chat/documents/ID?quote=120-168, /about, /complaints, /privacy

Small pages of our own, without a framework; all of them can be read and used without script.
"""

from bot.service.widget.routes import widget_routes

__all__ = ["widget_routes"]
