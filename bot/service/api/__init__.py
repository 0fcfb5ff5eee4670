"""
The HTTP interface: questions and answers, documents, complaints, an interface as OpenAI's, MCP, health and figures.

    POST /api/v1/ask {"question": "瞪羚归谁管？"}  ->  {"id": "01J…", "status": "answered", "sentences": […], …}
"""

from bot.service.api.application import create_api

__all__ = ["create_api"]
