/* What a report does where a browser runs it: tables sort, figures tell their marks, sliders move.
   Nothing is fetched and nothing is stored; without it, and in print, the page says all that it says. */
(function () {
  "use strict";

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const within = (element, role) => element.querySelector(`[data-role="${role}"]`);

  /* ---- Numbers, as the page writes them ---- */

  function amount(value, signed) {
    if (!Number.isFinite(value)) return "–";
    const size = Math.abs(value);
    const digits = size === 0 || size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)));
    const [whole, rest] = size.toFixed(digits).split(".");
    const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
    if (!/[1-9]/.test(text)) return "0";
    return (value < 0 ? "−" : signed ? "+" : "") + text;
  }

  const short = (value, signed) => amount(value, signed).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

  function numberIn(text) {
    const plain = text.replace(/[,\s ]/g, "").replace(/−/g, "-").replace(/^[<>≤≥(]+/, "");
    const match = plain.match(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i);
    return match ? Number(match[0]) : NaN;
  }

  /* ---- Tables: a button in each heading; rows stay within their group ---- */

  function sortable(table) {
    const heads = all("thead th", table);
    const bodies = Array.from(table.tBodies);
    const written = bodies.map((body) => Array.from(body.rows));
    if (written.every((rows) => rows.filter((row) => !row.classList.contains("group")).length < 2)) return;
    let state = { column: -1, order: "none" };

    const key = (row, column) => (row.cells[column] ? row.cells[column].textContent.trim() : "");
    function arranged(rows, column, order) {
      if (order === "none") return rows;
      const head = rows.filter((row) => row.classList.contains("group"));
      const rest = rows.filter((row) => !row.classList.contains("group"));
      const texts = rest.map((row) => key(row, column));
      const numbers = texts.map(numberIn);
      const numeric = numbers.filter(Number.isFinite).length * 2 > texts.filter((text) => text !== "–" && text).length;
      const way = order === "ascending" ? 1 : -1;
      const places = rest.map((_, place) => place).sort((a, b) => {
        if (numeric) {
          const known = Number.isFinite(numbers[b]) - Number.isFinite(numbers[a]); // what is no number stands last
          return known || (Number.isFinite(numbers[a]) ? way * (numbers[a] - numbers[b]) : 0) || a - b;
        }
        return way * texts[a].localeCompare(texts[b], document.documentElement.lang) || a - b;
      });
      return [...head, ...places.map((place) => rest[place])];
    }
    function show(column, order) {
      heads.forEach((head, place) => {
        if (place === column && order !== "none") head.setAttribute("aria-sort", order);
        else head.removeAttribute("aria-sort");
      });
      bodies.forEach((body, place) => body.append(...arranged(written[place], column, order)));
    }
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      // It lies over the heading, whose text stays as it is.
      button.title = table.closest("main").dataset.sort;
      button.setAttribute("aria-label", `${head.textContent.trim()}: ${table.closest("main").dataset.sort}`);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" };
        state = { column, order: state.column === column ? next[state.order] : "ascending" };
        show(column, state.order);
      });
    });
    // Paper has the rows as they were written.
    window.addEventListener("beforeprint", () => show(-1, "none"));
    window.addEventListener("afterprint", () => show(state.column, state.order));
  }

  /* ---- Figures: what is under the pointer ---- */

  function tell(figure) {
    const image = figure.querySelector("img");
    const marks = JSON.parse(figure.querySelector("script.marks").textContent);
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.setAttribute("role", "status");
    tip.hidden = true;
    const frame = document.createElement("div");
    frame.className = "marked";
    image.replaceWith(frame);
    frame.append(image, tip);
    let place = -1;

    function show(number) {
      place = number;
      tip.hidden = number < 0;
      if (number < 0) return;
      const [x, y, , text] = marks[number];
      tip.textContent = text;
      tip.style.left = `${100 * x}%`;
      tip.style.top = `${100 * y}%`;
      tip.classList.toggle("left", x > 0.6);
    }
    image.addEventListener("pointermove", (event) => {
      const box = image.getBoundingClientRect();
      let best = -1;
      let nearest = Infinity;
      marks.forEach(([x, y, radius], number) => {
        const gap = Math.hypot(x * box.width - event.clientX + box.left, y * box.height - event.clientY + box.top);
        const within = gap - Math.max(radius * box.width, 5);
        if (within <= 0 && gap < nearest) [best, nearest] = [number, gap];
      });
      if (best !== place) show(best);
    });
    image.addEventListener("pointerleave", () => show(-1));
    image.tabIndex = 0;
    image.addEventListener("blur", () => show(-1));
    image.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") show(-1);
      if (!step) return;
      event.preventDefault();
      show((place + step + marks.length) % marks.length);
    });
  }

  /* ---- The polynomial, as experiments/core/statistics/sparse_polynomial.py has it ---- */

  function shareOf(axis, value) {
    if (axis.named) return axis.levels.indexOf(value);
    if (axis.kind === "log") return Math.log(value / axis.low) / Math.log(axis.high / axis.low);
    return (value - axis.low) / (axis.high - axis.low || 1);
  }

  function valueAt(axis, share) {
    let value = axis.low + share * (axis.high - axis.low);
    if (axis.kind === "log") value = axis.low * (axis.high / axis.low) ** share;
    return axis.whole ? Math.round(value) : Number(value.toPrecision(8));
  }

  function inputsOf(axes, values) {
    return axes.flatMap((axis, place) => {
      const share = shareOf(axis, values[place]);
      if (!axis.named) return [2 * share - 1];
      return axis.levels.slice(1).map((_, level) => (share === level + 1 ? 1 : -1));
    });
  }

  function basis(terms, inputs) {
    const legendre = (degree, x) =>
      degree === 1 ? x : degree === 2 ? (3 * x * x - 1) / 2 : (5 * x * x * x - 3 * x) / 2;
    return [1, ...terms.map((term) => term.reduce((made, [input, degree]) => made * legendre(degree, inputs[input]), 1))];
  }

  /* Value and both ends of its interval, in the outcome's unit. */
  function predict(model, effect, values) {
    const columns = basis(effect.terms, inputsOf(model.axes, values));
    const fits = effect.coefficients.map((row) => row.reduce((sum, factor, place) => sum + factor * columns[place], 0));
    const points = effect.residuals.length;
    const rounded = (number) => Number(number.toFixed(9));
    const low = Math.max(Math.floor(rounded((1 - model.level) * (points + 1))), 1) - 1;
    const high = Math.min(Math.ceil(rounded(model.level * (points + 1))), points) - 1;
    const sorted = (sign) =>
      effect.residuals.map((miss, place) => fits[1 + effect.fold[place]] + sign * miss).sort((a, b) => a - b);
    const least = effect.least ?? -Infinity; // where nothing would be left
    return [fits[0], sorted(-1)[low], sorted(1)[high]].map((value) => Math.max(value * effect.scale, least));
  }

  function distance(model, first, second, without) {
    return Math.sqrt(
      model.axes.reduce((sum, axis, place) => {
        if (place === without) return sum;
        const gap = Math.abs(shareOf(axis, first[place]) - shareOf(axis, second[place]));
        return sum + (axis.named ? Math.min(gap, 1) : gap) ** 2;
      }, 0)
    );
  }

  /* Whether the model was run so near that something can be said. */
  function inside(model, values) {
    const ranged = model.axes.every((axis, place) => {
      const share = shareOf(axis, values[place]);
      return axis.named ? share >= 0 : share >= -1e-9 && share <= 1 + 1e-9;
    });
    if (!ranged || model.reach === null) return ranged;
    return model.points.some((point) => distance(model, values, point) <= model.reach + 1e-9);
  }

  /* ---- The state, for others to run ---- */

  /* As TOML has it: texts in quotes, and so what is left out, which TOML has no word for; numbers and switches bare. */
  const literal = (value) => (typeof value === "string" ? JSON.stringify(value) : value === null ? '"none"' : String(value));
  const quoted = (text) => (/^[\w.,:=+/-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`);

  function design(model, effect, values) {
    const labels = effect.against ? [effect.against, effect.arm] : effect.arm ? [effect.arm] : [];
    const moved = new Set(model.axes.map((axis) => axis.name));
    const table = (settings) => settings.map(([name, value]) => `${JSON.stringify(name)} = ${literal(value)}`).join(", ");
    const kept = ([name]) => !moved.has(name);
    const lines = [
      `# gongzhi sweep state.toml${model.options ? " " + model.options : ""}`,
      'design = "factorial"',
      `replicates = ${model.replicates}`,
      `seed = ${model.seed}`,
      `outcomes = ${JSON.stringify(model.outcomes)}`,
      ...(effect.against ? [`baseline = ${JSON.stringify(effect.against)}`] : []),
      "",
      "[parameters]",
      ...model.axes.map((axis, place) => `${JSON.stringify(axis.name)} = { levels = [${literal(values[place])}] }`),
    ];
    if (labels.length) {
      lines.push("", "[arms]", ...labels.map((label) => `${JSON.stringify(label)} = { ${table(model.arms[label])} }`));
    }
    const common = model.common.filter(kept);
    if (common.length) lines.push("", "[scenario]", ...common.map((setting) => table([setting])));
    return lines.join("\n") + "\n";
  }

  function commands(model, effect, values) {
    const labels = (effect.against ? [effect.against, effect.arm] : [effect.arm]).filter(
      (label) => !model.together.includes(label) // the hours that it replays are those of another run
    );
    return labels
      .map((label) => {
        const settings = new Map(model.common);
        model.axes.forEach((axis, place) => settings.set(axis.name, values[place]));
        (model.arms[label] || []).forEach(([name, value]) => settings.set(name, value));
        const plain = (value) => (value === null ? "none" : String(value)); // read by the parameter's type
        const parts = Array.from(settings, ([name, value]) => `--set ${quoted(`${name}=${plain(value)}`)}`);
        const folder = `results/state-${(label || "run").replace(/[^\w-]+/g, "-")}`;
        const rest = [`--seed ${model.seed}`, ...(model.options ? [model.options] : []), `--out ${folder}`];
        return ["gongzhi run", ...parts, ...rest].join(" \\\n  ");
      })
      .join("\n\n");
  }

  /* ---- Sliders ---- */

  function explore(root, model) {
    const words = root.dataset;
    const values = model.start.slice();
    const boxes = all(".slider", root);
    const pick = within(root, "effect");
    const along = within(root, "along");
    const unit = (number) => root.querySelector(`tr[data-effect="${number}"]`).dataset.unit;
    const sides = (effect, low, high) => {
      if (!effect.against) return "";
      if (-effect.margin <= low && high <= effect.margin && effect.margin > 0) return "within";
      return high < 0 ? "lower" : low > 0 ? "higher" : "open";
    };
    const colour = (effect, side) =>
      !["lower", "higher"].includes(side) || effect.better === "neither" ? "" : side === effect.better ? "helps" : "harms";

    /* The parameter that an effect follows most. */
    function main(effect) {
      const owner = model.axes.flatMap((axis, place) => (axis.named ? axis.levels.slice(1).map(() => place) : [place]));
      const pulls = model.axes.map(() => 0);
      effect.terms.forEach((term, place) =>
        term.forEach(([input]) => (pulls[owner[input]] += Math.abs(effect.coefficients[0][1 + place])))
      );
      return pulls.indexOf(Math.max(...pulls));
    }

    function place(number) {
      const axis = model.axes[number];
      const box = boxes.find((element) => Number(element.dataset.axis) === number);
      const list = box.querySelector("select");
      if (list) {
        list.value = String(axis.levels.indexOf(values[number]));
        return;
      }
      box.querySelector("input[type=range]").value = shareOf(axis, values[number]);
      const typed = box.querySelector("input[type=number]");
      if (document.activeElement !== typed) typed.value = Number(values[number].toPrecision(4));
    }

    function show() {
      const known = inside(model, values);
      all("tr[data-effect]", root).forEach((row) => {
        const number = Number(row.dataset.effect);
        const effect = model.effects[number];
        const [value, low, high] = predict(model, effect, values);
        const side = sides(effect, low, high);
        const signed = Boolean(effect.against);
        const cells = known
          ? [amount(value, signed), `${amount(low, signed)} … ${amount(high, signed)}`, side ? words[side] : ""]
          : [words.outside, "–", ""];
        cells.forEach((text, cell) => (row.cells[cell + 1].textContent = text));
        row.cells[3].className = known ? "verdict " + colour(effect, side) : "";
        if (number === Number(pick.value)) {
          const readout = within(root, "readout");
          const told = { VALUE: amount(value, signed), UNIT: row.dataset.unit, LOW: amount(low, signed), HIGH: amount(high, signed) };
          const text = words.reading.replace(/VALUE|UNIT|LOW|HIGH/g, (name) => told[name]);
          readout.textContent = known ? [text, ...(side ? [words[side]] : [])].join(words.colon) : words.outside;
          readout.className = "readout " + (known ? colour(effect, side) : "outside");
        }
      });
      const effect = model.effects[Number(pick.value)];
      within(root, "toml").textContent = design(model, effect, values);
      within(root, "command").textContent = commands(model, effect, values);
      draw(within(root, "chart"), effect, Number(along.value));
    }

    /* The effect along one parameter: curve and band where it was run, a dot for each point that was run. */
    function draw(chart, effect, number) {
      const axis = model.axes[number];
      const [left, right, top, bottom] = [64, 630, 12, 258];
      const ends = axis.kind === "levels" && axis.named ? axis.levels.map((_, level) => level) : null;
      const shares = ends || Array.from({ length: 61 }, (_, step) => step / 60);
      const at = (share) => {
        const moved = values.slice();
        moved[number] = axis.named ? axis.levels[share] : axis.kind === "levels" ? axis.low + share * (axis.high - axis.low) : valueAt({ ...axis, whole: false }, share);
        return moved;
      };
      const curve = shares.map((share) => {
        const moved = at(share);
        return { share, known: inside(model, moved), told: predict(model, effect, moved) };
      });
      const seen = model.points
        .map((point, row) => ({
          share: shareOf(axis, point[number]),
          value: effect.seen[row] === null ? NaN : effect.seen[row] * effect.scale,
          far: distance(model, values, point, number),
          point,
        }))
        .filter((dot) => Number.isFinite(dot.value));
      const heights = [...seen.map((dot) => dot.value), ...curve.filter((step) => step.known).flatMap((step) => step.told)];
      if (effect.against) heights.push(0);
      let [least, most] = [Math.min(...heights), Math.max(...heights)];
      if (!(most > least)) [least, most] = [least - 1, most + 1];
      const room = 0.05 * (most - least);
      [least, most] = [least - room, most + room];
      const widest = ends ? ends.length - 1 || 1 : 1;
      const x = (share) => left + ((right - left) * (ends ? share + 0.5 : share)) / (ends ? widest + 1 : 1);
      const y = (value) => bottom - ((bottom - top) * (value - least)) / (most - least);
      chart.replaceChildren();
      const put = (name, attributes, text) => {
        const element = document.createElementNS(chart.namespaceURI, name);
        Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
        if (text !== undefined) element.textContent = text;
        chart.append(element);
        return element;
      };
      const fixed = (value) => value.toFixed(1);
      const span = most - least;
      const step = [1, 2, 2.5, 5, 10].map((part) => part * 10 ** Math.floor(Math.log10(span / 4))).find((part) => span / part <= 6);
      for (let mark = Math.ceil(least / step) * step; mark <= most; mark += step) {
        const height = Math.abs(mark) < step / 1e6 ? 0 : mark;
        put("line", { x1: left, x2: right, y1: fixed(y(height)), y2: fixed(y(height)), class: height === 0 && effect.against ? "zero" : "grid" });
        put("text", { x: left - 6, y: fixed(y(height) + 4), class: "end" }, short(height, Boolean(effect.against)));
      }
      const ticks = ends ? ends.map((level) => [level, String(axis.levels[level])]) : [0, 0.25, 0.5, 0.75, 1].map((share) => [share, short(axis.kind === "log" ? axis.low * (axis.high / axis.low) ** share : axis.low + share * (axis.high - axis.low))]);
      ticks.forEach(([share, text]) => put("text", { x: fixed(x(share)), y: bottom + 17, class: "middle" }, text));
      put("text", { x: (left + right) / 2, y: bottom + 36, class: "middle name" }, axis.name);
      // The band is cut where the model was not run.
      const pieces = [];
      curve.forEach((one) => {
        if (!one.known) pieces.push([]);
        else if (pieces.length) pieces[pieces.length - 1].push(one);
        else pieces.push([one]);
      });
      pieces.filter((piece) => piece.length).forEach((piece) => {
        if (ends) {
          piece.forEach((one) => put("line", { x1: fixed(x(one.share)), x2: fixed(x(one.share)), y1: fixed(y(one.told[1])), y2: fixed(y(one.told[2])), class: "bar" }));
          piece.forEach((one) => put("line", { x1: fixed(x(one.share) - 9), x2: fixed(x(one.share) + 9), y1: fixed(y(one.told[0])), y2: fixed(y(one.told[0])), class: "curve" }));
          return;
        }
        const line = (end) => piece.map((one) => `${fixed(x(one.share))},${fixed(y(one.told[end]))}`);
        put("polygon", { points: [...line(1), ...line(2).reverse()].join(" "), class: "band" });
        put("polyline", { points: line(0).join(" "), class: "curve" });
      });
      const farthest = Math.max(...seen.map((dot) => dot.far), 1e-9);
      seen.forEach((dot) => {
        const near = 1 - dot.far / farthest;
        const mark = put("circle", { cx: fixed(x(dot.share)), cy: fixed(y(dot.value)), r: 3.2, class: "dot", "fill-opacity": (0.15 + 0.85 * near * near).toFixed(2) });
        const title = document.createElementNS(chart.namespaceURI, "title");
        const told = model.axes.map((other, place) => `${other.name} = ${typeof dot.point[place] === "number" ? short(dot.point[place]) : dot.point[place]}`);
        title.textContent = [`${words.run}: ${amount(dot.value, Boolean(effect.against))} ${unit(Number(pick.value))}`, ...told].join("\n");
        mark.append(title);
      });
      const now = shareOf(axis, values[number]);
      if (ends || (now >= -1e-9 && now <= 1 + 1e-9)) {
        put("line", { x1: fixed(x(now)), x2: fixed(x(now)), y1: top, y2: bottom, class: "now" });
        if (inside(model, values)) put("circle", { cx: fixed(x(now)), cy: fixed(y(predict(model, effect, values)[0])), r: 5, class: "at" });
      }
    }

    boxes.forEach((box) => {
      const number = Number(box.dataset.axis);
      const axis = model.axes[number];
      const set = (value) => {
        values[number] = value;
        along.value = String(number);
        place(number);
        show();
      };
      const list = box.querySelector("select");
      if (list) {
        list.addEventListener("change", () => set(axis.levels[Number(list.value)]));
        return;
      }
      const slide = box.querySelector("input[type=range]");
      slide.step = axis.whole ? 1 / (axis.high - axis.low) : 0.005;
      slide.addEventListener("input", () => set(valueAt(axis, Number(slide.value))));
      const typed = box.querySelector("input[type=number]");
      typed.addEventListener("input", () => {
        const value = typed.value === "" ? NaN : Number(typed.value);
        if (Number.isFinite(value)) set(axis.whole ? Math.round(value) : value);
      });
      typed.addEventListener("blur", () => place(number));
    });
    const follow = () => (along.value = String(main(model.effects[Number(pick.value)])));
    pick.addEventListener("change", () => {
      follow();
      show();
    });
    along.addEventListener("change", show);
    within(root, "usual").addEventListener("click", () => {
      model.start.forEach((value, number) => (values[number] = value));
      model.axes.forEach((_, number) => place(number));
      show();
    });
    all("button[data-copy]", root).forEach((button) => {
      const before = button.textContent;
      button.addEventListener("click", () => {
        const text = within(root, button.dataset.copy);
        const range = document.createRange();
        range.selectNodeContents(text);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        // A page from a disk may lack the clipboard: then the text is selected, for the keyboard to copy.
        const done = navigator.clipboard ? navigator.clipboard.writeText(text.textContent) : Promise.reject();
        done.then(() => true, () => document.execCommand("copy")).then((copied) => {
          if (!copied) return;
          button.textContent = words.copied;
          window.setTimeout(() => (button.textContent = before), 1500);
        });
      });
    });
    model.axes.forEach((_, number) => place(number));
    root.hidden = false;
    follow();
    show();
  }

  all("main table").filter((table) => !table.closest(".explorer")).forEach(sortable);
  all("figure").filter((figure) => figure.querySelector("script.marks")).forEach(tell);
  const held = document.getElementById("explorer-model");
  const model = held ? JSON.parse(held.textContent) : null;
  if (model) explore(document.querySelector(".explorer"), model);
  // For the console, and for tests.
  window.gongzhi = {
    model,
    predict: (effect, values) => predict(model, model.effects[effect], values),
    inside: (values) => inside(model, values),
    design: (effect, values) => design(model, model.effects[effect], values),
    commands: (effect, values) => commands(model, model.effects[effect], values),
  };
})();
