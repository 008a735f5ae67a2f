import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";

import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";

/** What stands for the forecast shown, in the weeks of the past. */
const SHOWN = { model: "expected", due_date: "naive_due_date", average_delay: "naive_average_delay" };
const SCHEME = cookie.get("color_scheme");
const FORETOLD = "#3188E6";
const COMMITTED = "#43C5B1";
const RECEIVED = getCustomColor(SCHEME, "#374151", "#E4E4E4");
const PLANNED = "#F48935";
const TEXT = getCustomColor(SCHEME, "#111827", "#E4E4E4");
const GRID = getCustomColor(SCHEME, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)");

/** A long label on two lines, which keeps all of them level: "dim." above "22 nov.". */
function foldLabel(label) {
    const [first, ...rest] = label.split(" ");
    return label.length > 8 && rest.length ? [first, rest.join(" ")] : label;
}

/**
 * The cash of each period: what is expected between its bounds, what is committed, what came, what was planned.
 *
 * Weeks of the past stand before those to come; their forecast is that of their eve.
 */
export class ForecastChart extends Component {
    static template = "credit_collection.ForecastChart";
    static props = {
        screen: Object,
    };

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.screen]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get past() {
        const { past, weeks_drawn, granularity } = this.props.screen;
        return granularity === "week" ? past.slice(0, weeks_drawn).reverse() : [];
    }

    get description() {
        return _t("Cash expected of each period, between its bounds; the table below has the figures.");
    }

    draw() {
        this.chart?.destroy();
        this.chart = new Chart(this.canvasRef.el, this.getConfig());
    }

    getConfig() {
        const { periods } = this.props.screen;
        return {
            type: "bar",
            data: {
                labels: [...this.past, ...periods].map((period) => foldLabel(period.label)),
                datasets: this.getDatasets(),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: {
                        labels: { color: TEXT, filter: (item, data) => !data.datasets[item.datasetIndex].isBound },
                    },
                    tooltip: {
                        callbacks: {
                            title: ([item]) => [...this.past, ...periods][item.dataIndex].range,
                            label: (item) => `${item.dataset.label}: ${this.format(item.raw)}`,
                        },
                        filter: (item) => item.raw !== null && item.raw !== undefined,
                    },
                },
                scales: {
                    x: { ticks: { color: TEXT, maxRotation: 45 }, grid: { display: false } },
                    y: { beginAtZero: true, ticks: { color: TEXT, callback: (value) => this.format(value) }, grid: { color: GRID } },
                },
            },
        };
    }

    getDatasets() {
        const { periods, shows, plans, granularity } = this.props.screen;
        const none = this.past.map(() => null);
        const hasBounds = shows === "model";
        const bounds = { type: "line", borderWidth: 0, pointRadius: 0, isBound: true };
        const datasets = [
            {
                ...bounds,
                label: _t("Low"),
                data: [...this.past.map((week) => (hasBounds ? week.low : null)), ...periods.map((period) => period.low)],
            },
            {
                ...bounds,
                label: _t("High"),
                data: [...this.past.map((week) => (hasBounds ? week.high : null)), ...periods.map((period) => period.high)],
                backgroundColor: hexToRGBA(FORETOLD, 0.18),
                fill: "-1",
            },
            {
                type: "line",
                label: hasBounds ? _t("Expected") : _t("Expected (naive forecast)"),
                data: [...this.past.map((week) => week[SHOWN[shows]]), ...periods.map((period) => period.shown)],
                borderColor: FORETOLD,
                backgroundColor: FORETOLD,
                borderDash: hasBounds ? [] : [6, 4],
                borderWidth: 2,
                pointRadius: 2,
            },
            {
                type: "bar",
                label: _t("Committed"),
                data: [...none, ...periods.map((period) => period.committed)],
                backgroundColor: hexToRGBA(COMMITTED, 0.7),
            },
        ];
        if (this.past.length) {
            datasets.push({
                type: "line",
                label: _t("Received"),
                data: [...this.past.map((week) => week.actual), ...periods.map(() => null)],
                borderColor: RECEIVED,
                backgroundColor: RECEIVED,
                borderWidth: 0,
                pointStyle: "rectRot",
                pointRadius: 5,
            });
        }
        if (granularity === "month" && plans.length) {
            // Beside what is still expected of a month stands what is left of its plan.
            const planned = Object.fromEntries(
                plans.map((plan) => [plan.first_day.slice(0, 7), Math.max(plan.amount - plan.received, 0)])
            );
            datasets.push({
                type: "line",
                label: _t("Planned, less what came"),
                data: periods.map((period) => planned[period.first_day.slice(0, 7)] ?? null),
                borderColor: PLANNED,
                backgroundColor: PLANNED,
                borderDash: [2, 3],
                borderWidth: 2,
                pointRadius: 4,
            });
        }
        return datasets;
    }

    format(value) {
        return formatMonetary(value, { currencyId: this.props.screen.currency_id, digits: [16, 0] });
    }
}
