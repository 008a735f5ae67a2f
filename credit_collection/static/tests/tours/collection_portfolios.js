/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

/** Whom to contact and why, who is paused, who follows whom and who is away: each screen opens and answers. */
registry.category("web_tour.tours").add("collection_portfolios", {
    steps: () =>
        patiently([
            ...openMenu("work", ".o_list_view:has(th[data-name='work_reason']) .o_data_row:contains('Garage Roux')"),
            {
                content: "put it off until tomorrow",
                trigger: ".o_data_row:contains('Garage Roux') button[name='action_put_off_until_tomorrow']",
                run: "click",
            },
            { content: "it has left the list", trigger: ".o_view_controller:not(:has(.o_data_row:contains('Garage Roux')))" },
            ...openMenu("todo", ".o_kanban_view .o_kanban_record:contains(1)"),
            {
                content: "see everybody's work",
                trigger: ".o_searchview_facet .o_facet_remove",
                run: "click",
            },
            {
                content: "see also the cards on which nothing waits",
                trigger: ".o_searchview_facet:only-of-type .o_facet_remove",
                run: "click",
            },
            { content: "the cards stand", trigger: ".o_kanban_view:not(:has(.o_searchview_facet)) .o_kanban_record:contains(1)" },
            ...openMenu("paused", ".o_list_view:has(th[data-name='pause_reason']) .o_data_row:contains('Menuiserie Durand')"),
            ...openMenu("absence", ".o_list_view:has(th[data-name='replacement_id'])"),
            ...openMenu("portfolio", ".o_list_view:has(th[data-name='member_ids']) .o_data_row"),
            {
                content: "see what would change",
                trigger: ".o_list_view button[name='action_preview'], .o_control_panel button[name='action_preview']",
                run: "click",
            },
            {
                content: "who would be given what",
                trigger: ".modal .o_field_widget[name='line_ids'] .o_data_row",
            },
            { content: "apply it", trigger: ".modal button[name='action_apply']", run: "click" },
            { content: "it is applied", trigger: "body:not(:has(.modal))" },
        ]),
});
