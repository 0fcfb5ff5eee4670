"""
The help desk's own page, behind a sign-in: /console, a Gradio page of tabs that each show by role.

    python -m bot staff add 李敏 --role administrator   ->  may sign in at /console/sign-in
    GET /console without a session                       ->  303 /console/sign-in

The page is pages/*.py, one tab each; who may see and do what is decided by `Console.require`, which every event handler
calls. Gradio is imported by page.py and pages/ only, when the page is made.
"""
