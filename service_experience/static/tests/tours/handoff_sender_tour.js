import { registry } from "@web/core/registry";
import { openFromInbox, openTab, reach } from "./handoff_steps";

const tours = registry.category("web_tour.tours");
const ANSWER = "[name=check_ids] .o_data_row";

/** Write the answer to one of the required items. */
function answer(number, text) {
    return [
        {
            content: `Begin to answer item ${number}`,
            trigger: `${ANSWER}:eq(${number}) td[name=answer]`,
            run: "click",
        },
        {
            content: `Answer item ${number}`,
            trigger: `${ANSWER}:eq(${number}) td[name=answer] textarea`,
            run: `edit ${text}`,
        },
    ];
}

tours.add("service_handoff_sender_offers", {
    steps: () => [
        {
            content: "Hand the request over",
            trigger: "button[name=action_service_hand_over]",
            run: "click",
        },
        {
            content: "It may turn",
            trigger: ".modal .o_service_urgency .o_radio_item:contains(Watch) input",
            run: "click",
        },
        {
            content: "Look for the receiver",
            trigger: ".modal [name=to_user_id] input",
            run: "edit receiver",
        },
        {
            content: "Choose the receiver",
            trigger: ".o-autocomplete--dropdown-item:contains(receiver)",
            run: "click",
        },
        {
            content: "Describe where it stands",
            trigger: ".modal [name=situation] textarea",
            run: "edit The pump is on site and waits for the electrician.",
        },
        { content: "Go on", trigger: ".modal button[name=action_open_handoff]", run: "click" },
        ...answer(0, "Warm water in every room"),
        ...answer(1, "Ada Crumb, by phone"),
        ...answer(2, "In the folder of the project"),
        {
            content: "All of it is there",
            trigger: "button[name=action_done_answered]",
            run: "click",
        },
        {
            content: "They are done",
            trigger: `${ANSWER} td[name=state] .badge:contains(Done)`,
        },
        openTab("plan"),
        {
            content: "Nothing else is to be done",
            trigger: "[name=has_no_steps] input",
            run: "check",
        },
        { content: "Offer it", trigger: "button[name=action_offer]", run: "click" },
        reach("Offered"),
    ],
});

tours.add("service_handoff_sender_answers", {
    steps: () => [
        openFromInbox(),
        openTab("questions"),
        {
            content: "Begin to answer",
            trigger: "[name=question_ids] .o_data_row td[name=answer]",
            run: "click",
        },
        {
            content: "Answer",
            trigger: "[name=question_ids] td[name=answer] textarea",
            run: "edit The one in the cellar, on the left.",
        },
        {
            content: "It is answered",
            trigger: "[name=question_ids] .o_data_row button[name=action_done]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: "[name=question_ids] td[name=state] .badge:contains(Done)",
        },
        { content: "Offer it again", trigger: "button[name=action_answer]", run: "click" },
        reach("Offered"),
    ],
});
