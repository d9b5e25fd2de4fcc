from . import demo
from . import models
from . import report
from . import wizard
from .hooks import (
    post_init_look_at_history,
    pre_init_hide_existing_projects,
    uninstall_keep_used_language,
)
