// Draws the charts of a page of figures from its own table: so both say the same. Colours are the theme's.
const DAY = 24 * 60;
const MOST = 15; // bars that can be told apart

const LONGEST = innerWidth < 600 ? 14 : 26; // characters of a name beside its bar

const colour = (name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`; // variables may be made of others, which a canvas can't read
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};
const short = (name) => name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
const language = document.documentElement.lang;
const SAY = {
  share: (value) => value.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 }),
  number: (value) => value.toLocaleString(language),
};

const read = (table, columns) => {
  const heads = [...table.tHead.rows[0].cells];
  const at = columns.map((column) => heads.findIndex((head) => head.dataset.column === column));
  const rows = [...table.tBodies[0].rows].slice(0, table.dataset.all ? undefined : MOST);
  return {
    names: rows.map((row) => short(row.cells[0].textContent.trim())),
    series: at.map((index) => ({
      name: heads[index].querySelector("a")?.firstChild.textContent.trim() ?? heads[index].textContent.trim(),
      values: rows.map((row) => {
        const cell = row.cells[index];
        return cell.dataset.value === undefined || cell.classList.contains("is-few") ? null : Number(cell.dataset.value);
      }),
    })),
  };
};

const options = (figure, sort, across) => {
  const ink = colour("--tblr-body-color"), line = colour("--tblr-border-color");
  const say = SAY[sort] ?? ((value) => figure.dataset.days.replace("{}", value.toLocaleString(language, { maximumFractionDigits: 1 })));
  const amounts = {
    beginAtZero: true,
    max: sort === "share" ? 1 : undefined,
    grid: { color: line },
    ticks: { color: ink, callback: say, precision: sort === "number" ? 0 : undefined },
  };
  const names = { grid: { display: false }, ticks: { color: ink, autoSkip: !across } };
  return {
    indexAxis: across ? "y" : "x",
    maintainAspectRatio: false,
    animation: false,
    scales: across ? { x: amounts, y: names } : { x: names, y: amounts },
    plugins: {
      legend: { display: true, position: "bottom", labels: { color: ink, usePointStyle: true } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${say(item.raw)}` } },
    },
  };
};

const draw = (figure) => {
  const { columns, sort, shape } = figure.dataset;
  const across = shape === "bar";
  const { names, series } = read(document.getElementById(figure.dataset.of), columns.split(" "));
  const looks = [
    { paint: colour("--tblr-primary"), style: "circle", dash: [] },
    { paint: colour("--soon"), style: "rectRot", dash: [6, 4] },
  ];
  const datasets = series.map(({ name, values }, index) => ({
    label: name,
    data: sort === "length" ? values.map((value) => value === null ? null : value / DAY) : values,
    backgroundColor: looks[index].paint,
    borderColor: looks[index].paint,
    borderDash: looks[index].dash,
    pointStyle: looks[index].style,
    borderWidth: across ? 0 : 2,
    spanGaps: false,
  }));
  if (across) figure.querySelector(".figure-canvas").style.height = `${names.length * (16 + 12 * series.length) + 70}px`;
  Chart.getChart(figure.querySelector("canvas"))?.destroy();
  return new Chart(figure.querySelector("canvas"), { type: shape, data: { labels: names, datasets }, options: options(figure, sort, across) });
};

const drawAll = () => {
  const charts = document.querySelector(".figure-charts");
  if (!charts) return;
  charts.hidden = false;
  for (const figure of charts.querySelectorAll(".figure-chart")) draw(figure);
};

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(drawAll));
