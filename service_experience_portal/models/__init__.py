from . import ir_websocket
from . import mail_mail
from . import project_project
from . import service_delay
from . import service_mail_button
from . import service_portal_link
from . import service_step
