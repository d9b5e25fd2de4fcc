from . import demo
from . import models
from .hooks import pre_init_hide_existing_projects
