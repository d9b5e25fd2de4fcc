{
    "name": "Service Experience Portal",
    "summary": "A live page for every customer of a service",
    "version": "19.0.1.2.0",
    "category": "Services/Project",
    "author": "Service Experience contributors",
    "license": "LGPL-3",
    "depends": ["service_experience", "portal"],
    "data": [
        "views/service_health_templates.xml",
        "views/service_page_templates.xml",
        "views/service_journey_templates.xml",
        "views/service_step_templates.xml",
        "views/service_delay_templates.xml",
        "views/portal_templates.xml",
        "views/project_portal_templates.xml",
        "views/project_project_views.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "service_experience_portal/static/src/scss/service_page.scss",
            "service_experience_portal/static/src/scss/service_sections.scss",
            "service_experience_portal/static/src/scss/service_journey.scss",
            "service_experience_portal/static/src/scss/service_step.scss",
            "service_experience_portal/static/src/scss/service_delay.scss",
            "service_experience_portal/static/src/scss/service_list.scss",
            "service_experience_portal/static/src/scss/service_print.scss",
            "service_experience_portal/static/src/interactions/**/*",
        ],
        "web.assets_tests": [
            "service_experience_portal/static/tests/tours/**/*",
        ],
    },
}
