from . import res_users
from . import service_experience_mixin
from . import project_milestone
from . import project_task_type
from . import project_task
from . import project_project
from . import service_snapshot
