import { registry } from "@web/core/registry";

function chooseFile() {
    const chosen = new DataTransfer();
    chosen.items.add(new File(["%PDF-1.4 plan"], "plan.pdf", { type: "application/pdf" }));
    document.querySelector("input[name=files]").files = chosen.files;
}

registry.category("web_tour.tours").add("service_experience_portal.send_floor_plan", {
    steps: () => [
        {
            content: "Open what is needed",
            trigger: ".o_service_page_need a.o_service_page_button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Choose the floor plan",
            trigger: "input[name=files]",
            run: chooseFile,
        },
        {
            content: "Send it",
            trigger: ".o_service_step_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says what happens next",
            trigger: ".o_service_page_thanks:contains(We look at it by)",
        },
        {
            content: "Nothing more is needed",
            trigger: ".o_service_page_needs:contains(Nothing needed from you right now)",
        },
    ],
});
