/** @odoo-module **/

import { Activity } from "@mail/core/web/activity";

import { patch } from "@web/core/utils/patch";

/** A call to a debtor, among its activities, opens the call screen. */
patch(Activity.prototype, {
    get isCollectionCall() {
        const { res_model, activity_category } = this.props.activity;
        return res_model === "collection.debtor" && activity_category === "phonecall";
    },

    async openCollectionCall() {
        const thread = this.thread;
        const { action, orm } = this.env.services;
        const screen = await orm.call("collection.debtor", "action_call", [[this.props.activity.res_id]]);
        await action.doAction(screen, {
            onClose: async () => {
                this.props.onActivityChanged(thread);
                await this.props.reloadParentView();
            },
        });
    },
});
