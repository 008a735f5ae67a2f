import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** A list within a form whose rows are chosen, as in a list of its own. */
export class SelectableListRenderer extends ListRenderer {
    get selectAll() {
        const { records } = this.props.list;
        return records.length > 0 && records.every((record) => record.selected);
    }

    toggleSelection() {
        const choose = !this.selectAll;
        return Promise.all(this.props.list.records.map((record) => record.toggleSelection(choose)));
    }

    onCellClicked(record, column, ev) {
        if (!ev.target.special_click) {
            this.toggleRecordSelection(record);
        }
    }
}

/**
 * The open items of a debtor: choose some, or none for all that is overdue, then act on them.
 *
 * The actions are the buttons of the list's header, methods of the items' model.
 */
export class DebtorItemsField extends X2ManyField {
    static template = "credit_collection.DebtorItemsField";
    static components = { ...X2ManyField.components, ListRenderer: SelectableListRenderer };

    get rendererProps() {
        const props = super.rendererProps;
        return this.props.viewMode === "list" ? { ...props, allowSelectors: true } : props;
    }

    get chosen() {
        return this.list.records.filter((record) => record.selected);
    }

    get choiceText() {
        const count = this.chosen.length;
        if (!count) {
            return _t("Nothing chosen: about all that is overdue");
        }
        return count === 1 ? _t("1 item chosen") : _t("%s items chosen", count);
    }

    get actionButtons() {
        return (this.archInfo.headerButtons || []).filter((button) => !this.evalInvisible(button.invisible));
    }

    act(button) {
        const { record } = this.props;
        const resIds = this.chosen.map((chosen) => chosen.resId);
        const context = { ...this.list.context, collection_debtor_ids: [record.resId], collection_date: false };
        return this.env.onClickViewButton({
            clickParams: { ...button.clickParams, buttonContext: context },
            getResParams: () => ({
                context,
                evalContext: this.list.evalContext,
                resModel: this.list.resModel,
                resIds,
            }),
        });
    }
}

registry.category("fields").add("collection_debtor_items", {
    ...x2ManyField,
    component: DebtorItemsField,
});
