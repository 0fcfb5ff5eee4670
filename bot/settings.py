"""
Every setting in one place: environment, then `.env`, then the default.

    BOT_PORT=8000 python app.py  ->  settings().port == 8000
"""

import re
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from bot.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent
OWN_EMBEDDING = str(PROJECT / "bot" / "index" / "model")

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?")  # as browsers write it

# The settings written as JSON, with an example of each.
AS_JSON = {"mirrors": '{"www.gov.cn": "http://主机"}', "llm_extra": '{"enable_thinking": false}'}


class Settings(BaseSettings):
    """The settings; read them with `settings()`."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore")

    corpus: Path = PROJECT / "corpus"
    originals: Path = PROJECT / ".originals"  # what `python -m bot sync` fetched
    mirrors: dict[str, str] = {}  # official host -> the address that answers for it in a closed network, as JSON
    store: Path = PROJECT / ".store"
    embedding: str = OWN_EMBEDDING  # a folder, a name on Hugging Face, or with embedding_url the name it goes by there
    embedding_url: str = ""  # an OpenAI-compatible endpoint, https://…/v1
    embedding_key: SecretStr = SecretStr("")
    reranker: str = ""  # a CrossEncoder: a folder or a name on Hugging Face
    chroma_url: str = ""  # a Chroma server, http://host:8000; empty: the vectors lie in the store's own folder
    llm_url: str = ""  # an OpenAI-compatible endpoint of a language model, https://…/v1; empty: answers are quoted
    llm_model: str = ""  # the name it goes by there; without llm_url the folder of a transformers model
    llm_key: SecretStr = SecretStr("")
    llm_extra: dict[str, Any] = {}  # what else to send with each question, as JSON: how thinking is turned off …
    llm_timeout: Annotated[float, Field(gt=0)] = 30.0  # seconds for a whole answer, whatever the model does
    llm_input_price: Annotated[float, Field(ge=0)] = 0.0  # of a million tokens sent; in any currency
    llm_output_price: Annotated[float, Field(ge=0)] = 0.0  # of a million tokens received
    staff_password: SecretStr = SecretStr("")  # who knows it may add documents on the page; empty: nobody may
    home: str = "山东省青岛市"  # a paper of another place answers only where that place is asked about
    host: str = "127.0.0.1"
    port: int = 7860
    workers: int = Field(default=1, ge=1, le=64)  # processes that answer behind one port
    data: Path = PROJECT / ".data"  # records, counters of the limits, secrets of the addresses' pseudonyms
    records: str = ""  # SQLAlchemy URL, postgresql+psycopg://…; empty: SQLite in the data folder
    answer_days: int = Field(default=90, ge=1)  # how long questions and answers are kept
    access_days: int = Field(default=184, ge=184)  # how long the access log is kept; the law's six months at least
    address_secret: SecretStr = SecretStr("")  # for several machines: the same on each; empty: made in the data folder
    limits_redis: str = ""  # redis://host:6379/0, for several machines; empty: SQLite in the data folder
    trusted_proxies: str = ""  # addresses and networks whose X-Forwarded-For counts, separated by commas
    conversation_limit: int = Field(default=15, ge=1)  # questions a minute
    address_limit: int = Field(default=60, ge=1)  # questions a minute
    request_limit: int = Field(default=1200, ge=1)  # requests of any kind a minute from one address to one process
    queue: int = Field(default=256, ge=1)  # questions that run or wait in one process; the next gets 503
    timeout: float = Field(default=60, gt=0, le=60)  # seconds for one answer
    provider_name: str = "政策问答助手"  # who provides the service, in the label that every answer carries
    model_filing: str = ""  # 备案号 of the language model, shown on /about
    contact: str = ""  # who answers for the service, shown on /about: a name, a telephone number, an address
    allowed_origins: str = ""  # https://www.example.gov.cn, …: whose pages may call the interface themselves
    frame_ancestors: str = ""  # https://www.example.gov.cn, …: whose pages may show the widget
    debug: bool = False

    @field_validator("allowed_origins", "frame_ancestors")
    @classmethod
    def _exact(cls, value: str) -> str:
        """Origins only: a pattern or a path would admit more, or less, than it seems to."""
        for origin in _listed(value):
            if not ORIGIN.fullmatch(origin):
                raise ValueError(origin)
        return value

    @property
    def origins(self) -> tuple[str, ...]:
        return _listed(self.allowed_origins)

    @property
    def ancestors(self) -> tuple[str, ...]:
        return _listed(self.frame_ancestors)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for each in filter(None, map(str.strip, value.split(","))):
            ip_network(each, strict=False)
        return value

    @property
    def proxies(self) -> list[str]:
        """The addresses and networks of `trusted_proxies`."""
        return [each.strip() for each in self.trusted_proxies.split(",") if each.strip()]

    @property
    def records_url(self) -> str:
        return self.records or f"sqlite:///{self.data / 'records.db'}"

    @property
    def sources(self) -> list[Path]:
        """What is indexed unless paths are named: the corpus, and the originals where some were fetched."""
        return [self.corpus, *([self.originals] if self.originals.is_dir() else [])]


def _listed(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in value.split(","))))


@cache
def settings() -> Settings:
    """The settings in force. Raises SettingsError naming the one whose value cannot be used."""
    try:
        return Settings()
    except SourceError as error:  # it names the field between quotation marks
        name = next((name for name in AS_JSON if f'"{name}"' in str(error)), "mirrors")
        raise SettingsError(f"设置 BOT_{name.upper()} 不是 JSON，应写成 {AS_JSON[name]} 这样。") from error
    except ValidationError as error:
        wrong = "；".join(f"BOT_{str(each['loc'][0]).upper()}={each['input']}" for each in error.errors())
        raise SettingsError(f"设置的值不能用：{wrong}。请改正环境变量或 .env 后重试。") from error
