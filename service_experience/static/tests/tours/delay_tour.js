import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const WORDS = "The old pipe broke while we changed the valve, so we replace the pipe as well.";

tours.add("service_delay_lead_explains", {
    steps: () => [
        {
            content: "The suspicion says why",
            trigger: ".o_data_row:contains(more than the last step is left)",
        },
        {
            content: "Explain it",
            trigger: ".o_data_row:contains(Repair of the hot water) button[name=action_open_explain]",
            run: "click",
        },
        {
            content: "Look for the reason",
            trigger: ".modal [name=reason_id] input",
            run: "edit Under-est",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Under-estimated)",
            run: "click",
        },
        {
            content: "A draft is there, and the dialog says that it is one",
            trigger: ".modal [name=warnings]:contains(draft)",
        },
        {
            content: "Say what we do",
            trigger: ".modal [name=doing] textarea",
            run: "edit Two of us come tomorrow at eight with the new pipe.",
        },
        {
            content: "Say what happened",
            trigger: ".modal [name=customer_explanation] textarea",
            run: `edit ${WORDS}`,
        },
        {
            content: "Leave the field",
            trigger: ".modal [name=means_for_you] textarea",
            run: "edit You have warm water in the kitchen until then.",
        },
        {
            content: "The preview is what the customer will read",
            trigger: `.modal [name=preview]:contains(${WORDS})`,
        },
        {
            content: "Tell the customer",
            trigger: ".modal footer button[name=action_tell]",
            run: "click",
        },
        { content: "The dialog is closed", trigger: "body:not(:has(.modal))" },
        {
            content: "Nothing is left to explain",
            trigger: "body:not(:has(.o_data_row:contains(Repair of the hot water)))",
        },
    ],
});

tours.add("service_delay_report_told_before", {
    steps: () => [
        {
            content: "Look at the figures",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "All were told before",
            trigger: ".o_pivot .o_pivot_cell_value:contains(100)",
        },
    ],
});
