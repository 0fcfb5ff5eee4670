"""
Start the question-and-answer page: python app.py  ->  问答服务已启动：http://127.0.0.1:7860

The same as `python -m bot serve`, with the same options (--host, --port, --store).
"""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "serve")
    main()
