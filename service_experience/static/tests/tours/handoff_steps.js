/** What the tours of both sides have in common. */

export const openFromInbox = () => ({
    content: "Open it from the inbox",
    trigger: ".o_kanban_record:contains(No hot water)",
    run: "click",
});

export const openTab = (name) => ({
    content: `Open the tab ${name}`,
    trigger: `.o_notebook .nav-link[name=${name}]`,
    run: "click",
});

export const reach = (state) => ({
    content: `It is ${state}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
});
