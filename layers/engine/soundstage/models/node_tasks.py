"""What model nodes say in their callbacks (``soundstage.providers.image.node``)."""

from typing import Literal

from pydantic import BaseModel, Field


class TaskResult(BaseModel):
    image_url: str = Field(min_length=1, max_length=2000, description="On the node's own server.")


class TaskComplete(BaseModel):
    """What a node says when a task of its has ended."""

    task_id: str = Field(pattern=r"^[0-9a-f]{40}-[0-9]{1,3}$")
    status: Literal["SUCCESS", "FAILED"]
    result: TaskResult | None = None
    err_msg: str | None = Field(default=None, max_length=2000)
