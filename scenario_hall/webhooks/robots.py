"""The messages that the robots of WeCom, DingTalk and Feishu groups take, and what they answer.

Formats and signatures as the makers' pages have them: WeCom “群机器人配置说明”, DingTalk “自定义机器人接入”, Feishu
“自定义机器人使用指南”.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote_plus

from scenario_hall.webhooks.models import Format

# WeCom: 2,048 bytes of text; the others take more.
LONGEST_TEXT = 2_000  # bytes
# Where each maker's robots stand; a robot's message goes nowhere else.
HOSTS: dict[str, tuple[str, ...]] = {
    Format.WECOM: ("qyapi.weixin.qq.com",),
    Format.DINGTALK: ("oapi.dingtalk.com", "api.dingtalk.com"),
    Format.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}


def robot_message(format_: str, url: str, text: str, *, secret: str, timestamp: int) -> tuple[str, bytes]:
    """The address and the body to post. ``timestamp`` in seconds; ``secret``: empty where the robot asks for none."""
    text = _cut(text)
    if format_ == Format.FEISHU:
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            # Its key is the text to be signed, and it signs nothing.
            body |= {"timestamp": str(timestamp), "sign": _signed(f"{timestamp}\n{secret}", b"")}
        return url, _json(body)
    if format_ == Format.DINGTALK and secret:
        milliseconds = timestamp * 1000
        sign = quote_plus(_signed(secret, f"{milliseconds}\n{secret}".encode()))
        url += f"{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={sign}"
    return url, _json({"msgtype": "text", "text": {"content": text}})


def robot_took_it(format_: str, body: bytes) -> bool:
    """The makers answer 200 whatever happens, and tell in the body."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    if not isinstance(answer, dict):
        return False
    return answer.get("code" if format_ == Format.FEISHU else "errcode") == 0


def _cut(text: str) -> str:
    return text.encode()[:LONGEST_TEXT].decode(errors="ignore")


def _signed(key: str, message: bytes) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message, hashlib.sha256)).decode()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
