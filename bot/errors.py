"""
Faults a person can do something about, each one clear Chinese sentence: what, where, what next.

    EncodingError("corpus/坏文件.txt 不是文本文件……")  ->  stderr: 错误:corpus/坏文件.txt 不是文本文件……

Expected endings of a question (nothing found, out of scope) are statuses of an `Answer`, never exceptions.
"""


class BotError(Exception):
    """A fault with a sentence for its reader. `str(error)` is that sentence."""


class SettingsError(BotError):
    """A setting has a value that cannot be used."""


class CorpusError(BotError):
    """A file or folder of the corpus cannot be read."""


class ManifestError(BotError):
    """The manifest is wrong; the message names file and line."""


class FetchError(BotError):
    """An official site did not give what was asked for; the message says why."""


class SyncError(BotError):
    """The originals cannot be fetched: another process is at it, or the folder cannot be written."""


class QuestionError(BotError):
    """What was asked cannot be read: the conversation is not a list of pairs."""


class StoreError(BotError):
    """The index cannot be built or opened."""


class StoreMissingError(StoreError):
    """There is no index at this place yet."""


class VectorServerError(StoreError):
    """The Chroma server that holds the vectors cannot be reached, or did not answer in time."""


class StoreBusyError(StoreError):
    """Another process is building the index."""


class ModelError(BotError):
    """An embedding or language model cannot be loaded."""


class PromptError(BotError):
    """A prompt cannot be read or filled; the message names the variables."""


class ServiceError(BotError):
    """The service cannot be started, or was asked for something it cannot do."""


class RecordsError(BotError):
    """The records cannot be opened, read or written."""


def first_line(error: BaseException) -> str:
    """What a library's exception says, short enough to stand inside a sentence; its type where it says nothing."""
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__
