/* Plays a film of a district: nothing is fetched, nothing is stored. */
(function () {
  "use strict";

  const film = JSON.parse(document.getElementById("film").textContent);
  const find = (id) => document.getElementById(id);
  const [play, slide, now, speed, readout] = ["play", "week", "now", "speed", "readout"].map(find);
  const { words } = film;
  const last = film.weeks.length - 1;
  const week = (frame) => words.week.replace("{week}", film.weeks[frame]);
  const state = { frame: 0, playing: false, due: 0, estate: -1, map: -1 };

  function amount(value, signed) {
    if (value === null || !Number.isFinite(value)) return words.nothing;
    const size = Math.abs(value);
    const text = size >= 100 ? size.toFixed(0) : String(Number(size.toPrecision(3)));
    return (Number(text) === 0 ? "" : value < 0 ? "−" : signed ? "+" : "") + text;
  }

  /* ---- Maps: large estates first, so that small ones stay visible ---- */

  const order = film.households.map((_, place) => place).sort((a, b) => film.households[b] - film.households[a] || a - b);
  const ends = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [[west, east], [south, north]] = [ends(film.x), ends(film.y)];
  const all = film.households.reduce((sum, value) => sum + value, 0) || 1;
  const ratio = Math.min(1.4, Math.max(0.5, (north - south || 1) / (east - west || 1)));

  function element(name, attributes, parent) {
    const made = document.createElement(name);
    Object.assign(made, attributes);
    parent.append(made);
    return made;
  }

  const maps = film.maps.map((map, number) => {
    const figure = element("figure", {}, find("maps"));
    element("figcaption", { textContent: map.title }, figure);
    const canvas = element("canvas", { tabIndex: 0 }, figure);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", map.title);
    const scale = element("div", { className: "scale" }, figure);
    element("span", { textContent: amount(map.low, map.signed) }, scale);
    element("i", {}, scale).style.background = `linear-gradient(to right, ${map.palette.join(",")})`;
    element("span", { textContent: `${amount(map.high, map.signed)} ${film.unit}` }, scale);
    return { ...map, canvas, number };
  });

  /* Where marks stand on a canvas of this width. */
  function laidOut(width) {
    const height = width * ratio;
    const share = Math.min(0.12, (0.25 * width * height) / (Math.PI * all));
    const radius = (place) => Math.min(width / 22, Math.max(1.6, Math.sqrt(share * film.households[place])));
    const edge = Math.max(14, radius(order[0]) + 2);
    const size = Math.min((width - 2 * edge) / (east - west || 1), (height - 2 * edge) / (north - south || 1));
    const [left, top] = [(width - size * (east - west)) / 2, (height - size * (north - south)) / 2];
    return {
      height,
      radius,
      x: (place) => left + size * (film.x[place] - west),
      y: (place) => height - top - size * (film.y[place] - south),
    };
  }

  const edgeColour = () => getComputedStyle(document.documentElement).getPropertyValue("--edge").trim();
  const inkColour = () => getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  const levelOf = (map, place) => film.letters.indexOf(map.frames[state.frame][place]);

  function draw(map) {
    const { canvas } = map;
    const width = canvas.clientWidth || 300;
    const at = laidOut(width);
    const dense = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(at.height * dense)) {
      canvas.width = Math.round(width * dense);
      canvas.height = Math.round(at.height * dense);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, at.height);
    pen.lineWidth = order.length > 400 ? 0.3 : 0.6;
    pen.strokeStyle = edgeColour();
    order.forEach((place) => {
      const level = levelOf(map, place);
      pen.beginPath();
      pen.arc(at.x(place), at.y(place), at.radius(place), 0, 2 * Math.PI);
      if (level >= 0) {
        pen.fillStyle = map.palette[level];
        pen.fill();
      }
      pen.stroke();
    });
    if (state.estate >= 0) {
      pen.lineWidth = 2;
      pen.strokeStyle = inkColour();
      pen.beginPath();
      pen.arc(at.x(state.estate), at.y(state.estate), at.radius(state.estate) + 2.5, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  function tell() {
    if (state.estate < 0) {
      readout.textContent = "";
      return;
    }
    const place = state.estate;
    const values = maps.map((map) => {
      const level = levelOf(map, place);
      const value = level < 0 ? null : map.low + (level / (film.letters.length - 1)) * (map.high - map.low);
      // Colours end where most estates do.
      const beyond = level === 0 && !map.signed ? "≤ " : level === film.letters.length - 1 && !map.signed ? "≥ " : "";
      return `${map.title}: ${beyond}${amount(value, map.signed)}`;
    });
    const size = film.households[place].toLocaleString("en");
    readout.textContent = [`${film.names[place]} (${size} ${words.households})`, ...values].join(" · ");
  }

  /* ---- The whole district ---- */

  const chart = find("series");
  const [left, right, top, bottom] = [48, 888, 22, 126];
  const known = film.series.flatMap((line) => line.values.filter((value) => value !== null));
  const [least, most] = known.length ? [Math.min(0, ...known), Math.max(...known) || 1] : [0, 1];
  const across = (frame) => left + ((right - left) * frame) / (last || 1);
  const up = (value) => bottom - ((bottom - top) * (value - least)) / (most - least || 1);

  function put(name, attributes, text) {
    const made = document.createElementNS(chart.namespaceURI, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    chart.append(made);
    return made;
  }

  put("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" });
  put("text", { x: left - 6, y: bottom + 4, class: "end" }, amount(least));
  put("text", { x: left - 6, y: top + 8, class: "end" }, amount(most));
  put("text", { x: left, y: bottom + 18 }, week(0));
  put("text", { x: right, y: bottom + 18, class: "end" }, film.weeks[last]);
  const started = film.start === null ? -1 : film.weeks.findIndex((week) => week >= film.start);
  if (started >= 0) {
    const x = across(started);
    put("line", { x1: x, x2: x, y1: top, y2: bottom, class: "start" });
    put("text", { x: x + 4, y: bottom - 5 }, words.start);
  }
  let shift = left;
  film.series.forEach((line) => {
    const points = line.values.map((value, frame) => (value === null ? "" : `${across(frame).toFixed(1)},${up(value).toFixed(1)}`));
    put("polyline", { points: points.filter(Boolean).join(" "), stroke: line.colour });
    put("polyline", { points: `${shift},10 ${shift + 22},10`, stroke: line.colour });
    const label = put("text", { x: shift + 28, y: 14 }, line.name);
    shift += 50 + label.getComputedTextLength();
  });
  const cursor = put("line", { y1: top - 4, y2: bottom, class: "now" });

  /* ---- Time ---- */

  function show(frame) {
    state.frame = Math.max(0, Math.min(last, frame));
    slide.value = String(state.frame);
    slide.setAttribute("aria-valuetext", week(state.frame));
    now.textContent = week(state.frame);
    cursor.setAttribute("x1", across(state.frame));
    cursor.setAttribute("x2", across(state.frame));
    maps.forEach(draw);
    tell();
  }

  function tick(time) {
    if (!state.playing) return;
    if (time >= state.due) {
      state.due = time + 1000 / Number(speed.value);
      show(state.frame === last ? 0 : state.frame + 1);
    }
    window.requestAnimationFrame(tick);
  }

  function setPlaying(playing) {
    state.playing = playing;
    state.due = 0;
    play.textContent = playing ? words.pause : words.play;
    if (playing) window.requestAnimationFrame(tick);
  }

  slide.max = String(last);
  slide.addEventListener("input", () => {
    setPlaying(false);
    show(Number(slide.value));
  });
  play.addEventListener("click", () => setPlaying(!state.playing));
  document.addEventListener("keydown", (event) => {
    if (["SELECT", "BUTTON"].includes(event.target.tagName) && event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    if (event.target.tagName === "SELECT") return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === " ") setPlaying(!state.playing);
    else if (step && event.target !== slide) {
      setPlaying(false);
      show(state.frame + step);
    } else if (event.key === "Home") show(0);
    else if (event.key === "End") show(last);
    else return;
    event.preventDefault();
  });

  /* ---- What is under the pointer ---- */

  maps.forEach((map) => {
    map.canvas.addEventListener("pointermove", (event) => {
      const box = map.canvas.getBoundingClientRect();
      const at = laidOut(map.canvas.clientWidth);
      const gaps = order.map((place) => [place, Math.hypot(at.x(place) - event.clientX + box.left, at.y(place) - event.clientY + box.top)]);
      const [place, gap] = gaps.reduce((best, one) => (one[1] < best[1] ? one : best), [-1, Infinity]);
      const estate = gap <= Math.max(at.radius(place), 6) ? place : -1;
      if (estate === state.estate) return;
      state.estate = estate;
      show(state.frame);
    });
    map.canvas.addEventListener("pointerleave", () => {
      state.estate = -1;
      show(state.frame);
    });
  });
  window.addEventListener("resize", () => show(state.frame));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => show(state.frame));

  show(0);
  setPlaying(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
  window.gongzhi = { film, state, show, setPlaying };
})();
