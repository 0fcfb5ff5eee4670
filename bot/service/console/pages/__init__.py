"""The console's tabs, one module each; see bot.service.console.page for what a module has."""
