/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

const tours = registry.category("web_tour.tours");

/** Change to another view of the same records. */
function switchView(kind, shown) {
    return [
        {
            content: `change to ${kind}`,
            trigger: `.o_cp_switch_buttons .o_switch_view.o_${kind}`,
            run: "click",
        },
        {
            content: `the ${kind} view stands`,
            trigger: shown,
        },
    ];
}

function openTab(name) {
    return { content: `open the tab ${name}`, trigger: `.o_form_view .nav-link[name='${name}']`, run: "click" };
}

function openFirstRow(shown) {
    return [
        {
            content: "open the first row",
            trigger: ".o_list_view .o_data_row:first .o_data_cell:not(.o_list_button):first",
            run: "click",
        },
        { content: "its page stands", trigger: shown },
    ];
}

const debtorSteps = () => [
    ...openMenu("debtor", ".o_list_view:has(th[data-name='overdue']) .o_data_row:contains('Menuiserie Durand')"),
    ...switchView("kanban", ".o_kanban_view .o_kanban_record:contains('Menuiserie Durand')"),
    ...switchView("pivot", ".o_pivot"),
    ...switchView("graph", ".o_graph_view"),
    ...switchView("list", ".o_list_view .o_data_row"),
    ...openFirstRow(".o_form_view .o_field_widget[name='decision_ids'] .o_data_row"),
    openTab("chase"),
    openTab("contacts"),
    {
        content: "ask why an item is reminded",
        trigger: ".o_field_widget[name='decision_ids'] .o_data_row:first button[name='action_explain']",
        run: "click",
    },
    { content: "the reason is given in words", trigger: ".modal .o_field_widget[name='explanation'] strong" },
    { content: "go to the invoice", trigger: ".modal button[name='action_open_move']", run: "click" },
];

tours.add("collection_screens", {
    steps: () =>
        patiently([
            ...openMenu("todo", ".o_kanban_view .o_kanban_record:contains(1)"),
            ...debtorSteps(),
            { content: "accounting's own page", trigger: ".o_form_view .nav-link[name='collection']", run: "click" },
            { content: "it tells the next step", trigger: ".o_field_widget[name='collection_next_step']:contains(Rappel)" },
            ...openMenu("run", ".o_list_view:has(th[data-name='item_count']) .o_data_row"),
            ...openFirstRow(".o_form_view .o_field_widget[name='count_ids'] .o_data_row"),
            { content: "show every decision", trigger: "button[name='action_open_snapshot']:first", run: "click" },
            { content: "decisions are grouped", trigger: ".o_list_view .o_group_header" },
            ...switchView("pivot", ".o_pivot"),
            ...openMenu("reminder", ".o_list_view:has(th[data-name='claim_company']) .o_data_row"),
            ...switchView("kanban", ".o_kanban_view .o_kanban_record"),
            ...switchView("list", ".o_list_view .o_data_row"),
            ...openFirstRow(".o_form_view .o_field_widget[name='line_ids'] .o_data_row"),
            { content: "see what the customer receives", trigger: "button[name='action_preview']:enabled", run: "click" },
            { content: "the text is shown", trigger: ".modal .o_field_widget[name='body']" },
            { content: "close it", trigger: ".modal .btn-close", run: "click" },
            { content: "it is closed", trigger: "body:not(:has(.modal))" },
            ...openMenu("delivery", ".o_list_view:has(th[data-name='channel'])"),
            ...openMenu("item", ".o_list_view:has(th[data-name='status']) .o_data_row"),
            ...openFirstRow(".o_form_view .o_field_widget[name='status']"),
            ...openMenu("plan", ".o_list_view:has(th[data-name='level_count']) .o_data_row"),
            ...openFirstRow(".o_form_view .o_field_widget[name='level_ids']"),
            openTab("who"),
            openTab("rhythm"),
            ...openMenu("level", ".o_list_view:has(th[data-name='mail_template_id']) .o_group_header"),
            ...openMenu("letter_template", ".o_list_view:has(th[data-name='subject']) .o_data_row"),
            ...openFirstRow(".o_form_view .o_field_widget[name='body']"),
            ...openMenu("mail_template", ".o_list_view:has(th[data-name='description']) .o_data_row"),
            ...openMenu("account_role", ".o_list_view:has(th[data-name='collection_role']) .o_data_row"),
            ...openMenu("settings", "#collection_settings, .app_settings_block:has(#collection_active)"),
        ]),
});

tours.add("collection_screens_without_accounting", {
    steps: () =>
        patiently([
            ...openMenu("todo", ".o_kanban_view .o_kanban_record:contains(1)"),
            {
                content: "nothing else of the accounting app is there",
                trigger: ".o_menu_sections:not(:has([data-menu-xmlid='account.menu_finance_receivables']))",
            },
            ...debtorSteps(),
            { content: "a page of what a collector may read", trigger: ".o_form_view .o_field_widget[name='amount_residual']" },
        ]),
});

tours.add("collection_first_dry_run", {
    steps: () =>
        patiently([
            ...openMenu("setup", ".o_form_view .o_field_widget[name='plan_id']"),
            { content: "look before anything leaves", trigger: "button[name='action_look'].btn-primary", run: "click" },
            { content: "the decisions stand", trigger: ".o_field_widget[name='count_ids'] .o_data_row" },
            { content: "start from it", trigger: "button[name='action_start_from_dry_run']:enabled", run: "click" },
            { content: "confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
            { content: "a run proposes reminders", trigger: "button[name='action_open_reminders'] .o_stat_info" },
            { content: "send them", trigger: "button[name='action_send']:enabled", run: "click" },
            { content: "the run is done", trigger: ".o_statusbar_status .o_arrow_button_current[data-value='done']" },
            ...openMenu("delivery", ".o_list_view:has(th[data-name='channel']) .o_data_row"),
            ...openMenu("setup", "button[name='action_switch_on']"),
            { content: "switch it on", trigger: "button[name='action_switch_on']:enabled", run: "click" },
            { content: "confirm", trigger: ".modal .modal-footer .btn-primary", run: "click" },
            { content: "it is on", trigger: "button[name='action_switch_off']" },
        ]),
});
