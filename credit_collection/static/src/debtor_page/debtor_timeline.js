import { useRecordObserver } from "@web/model/relational_model/utils";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillDestroy, useState } from "@odoo/owl";

import { clickButton } from "./click_button";

const PAGE = 25;

/**
 * All that happened with a debtor, newest first, read after the page stands and each time it is read again.
 */
export class DebtorTimeline extends Component {
    static template = "credit_collection.DebtorTimeline";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ entries: [], kinds: [], more: false, chosen: [], loaded: false });
        this.asked = 0;
        this.isDestroyed = false;
        onWillDestroy(() => {
            this.isDestroyed = true;
        });
        useRecordObserver((record) => {
            // Named to be told when the page is read again.
            void record.data.page_figures;
            this.load(record.resId);
        });
    }

    async load(debtorId, offset = 0) {
        const asked = ++this.asked;
        if (!debtorId) {
            Object.assign(this.state, { entries: [], kinds: [], more: false, loaded: true });
            return;
        }
        const page = await this.orm.silent.call("collection.debtor", "get_timeline", [debtorId], {
            kinds: [...this.state.chosen],
            offset,
            limit: PAGE,
        });
        // Another page was asked for meanwhile, or the user has left.
        if (asked !== this.asked || this.isDestroyed) {
            return;
        }
        this.state.entries = offset ? [...this.state.entries, ...page.entries] : page.entries;
        this.state.kinds = page.kinds;
        this.state.more = page.more;
        this.state.loaded = true;
    }

    toggleKind(kind) {
        const { chosen } = this.state;
        this.state.chosen = chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
        return this.load(this.props.record.resId);
    }

    showAllKinds() {
        this.state.chosen = [];
        return this.load(this.props.record.resId);
    }

    loadMore() {
        return this.load(this.props.record.resId, this.state.entries.length);
    }

    open(entry) {
        return clickButton(this, "action_open_timeline_entry", { timeline_entry_id: entry.id });
    }

    openAll() {
        return clickButton(this, "action_open_timeline");
    }
}

registry.category("view_widgets").add("collection_debtor_timeline", { component: DebtorTimeline });
