/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

registry.category("web_tour.tours").add("collection_scores", {
    steps: () =>
        patiently([
            ...openMenu("score", ".o_list_view .o_group_header"),
            { content: "open a class", trigger: ".o_list_view .o_group_header:first .o_group_name", run: "click" },
            {
                content: "open its first customer",
                trigger: ".o_list_view .o_data_row:first .o_data_cell:not(.o_list_button):first",
                run: "click",
            },
            { content: "the score", trigger: ".o_form_view .o_collection_score [data-score='value']" },
            { content: "why", trigger: ".o_collection_score li .text-danger" },
            {
                content: "set another class",
                trigger: ".o_collection_score button[data-action='override']",
                run: "click",
            },
            {
                content: "choose it",
                trigger: ".modal .o_field_widget[name='score_class'] input[data-value='B']",
                run: "click",
            },
            {
                content: "say why",
                trigger: ".modal .o_field_widget[name='reason'] input",
                run: "edit Nouveau dirigeant",
            },
            { content: "set it", trigger: ".modal button[name='action_apply']", run: "click" },
            {
                content: "the page says who did and why",
                trigger: ".o_collection_score .alert:contains('Nouveau dirigeant')",
            },
            {
                content: "the scores so far",
                trigger: ".o_collection_score button[data-action='scores']",
                run: "click",
            },
            { content: "they are drawn", trigger: ".o_graph_view" },
            ...openMenu("calibration", ".o_form_view .o_collection_calibration p"),
        ]),
});
