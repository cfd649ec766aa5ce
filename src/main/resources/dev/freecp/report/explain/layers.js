/* What the patches' features look like behind each block. */

const components = await unpack(pixels.layers.components), attention = await unpack(pixels.layers.attention);

function showLayers() {
  let attended = 0;
  facts.layers.forEach((layer, number) => {
    const { rows, columns } = layer, cells = rows * columns;
    const features = paint(rows, columns, i => [...components.subarray(3 * (number * cells + i), 3 * (number * cells + i) + 3), 255]);
    features.classList.add("pixelated");
    const variance = layer.variance.reduce((a, b) => a + (b ?? 0), 0), canvases = [features];
    let entropy = "";
    if (layer.attention_entropy != null) {
      const from = attended++ * cells, seen = paint(rows, columns, i => [...heat[attention[from + i]].slice(0, 3), 255]);
      seen.classList.add("pixelated");
      canvases.push(seen);
      entropy = `; attention entropy ${digits(layer.attention_entropy)}`;
    }
    byId("layers-body").append(el("figure", {}, el("h3", {}, layer.name), el("div", { class: "pair" }, canvases),
      el("figcaption", {}, `${percent(variance)} of the variance${entropy}`)));
  });
}

showLayers();
