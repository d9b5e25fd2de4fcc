{
    "name": "Service Experience",
    "summary": "SLA policies and timers, promises and progress for projects and tasks",
    "version": "19.0.1.0.0",
    "category": "Services/Project",
    "author": "Service Experience contributors",
    "license": "LGPL-3",
    "depends": ["project"],
    "data": [
        "security/service_experience_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/service_sla_policy_views.xml",
        "views/service_sla_timer_views.xml",
        "views/project_task_sla_views.xml",
        "views/res_config_settings_views.xml",
        "views/service_experience_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["service_experience/static/src/sla/**/*"],
        "web.assets_unit_tests": ["service_experience/static/tests/**/*"],
    },
    "application": True,
}
