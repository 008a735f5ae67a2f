/**
 * Call a method of the page's record as one of its buttons would: the form is saved first and read again after.
 */
export function clickButton(component, name, context = {}) {
    const { record } = component.props;
    return component.env.onClickViewButton({
        clickParams: { type: "object", name, buttonContext: context },
        getResParams: () => ({
            context: record.context,
            evalContext: record.evalContext,
            resModel: record.resModel,
            resId: record.resId,
            resIds: record.resIds,
        }),
    });
}
