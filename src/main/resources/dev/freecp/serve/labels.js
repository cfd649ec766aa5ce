// Labels as numbers and as colours.

/** Label 0 where it is the background: dark and without a colour. */
const BACKGROUND = "#30363d";
const SOLID = 0xff, FAINT = 0x28, CONTOUR = 0xffffffff;

/** A report with pixels taken apart: one label and one confidence, 0 to 255, for each pixel. */
export function decode(report) {
  const { labels, confidence, colors } = report.pixels;
  delete report.pixels;
  return { report, colors, labels: new Uint16Array(bytes(labels).buffer), confidence: bytes(confidence) };
}

const bytes = base64 => Uint8Array.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), c => c.charCodeAt(0));

export function colorOf({ report, colors }, label) {
  return label === 0 && report.classes[0].background_words !== undefined ? BACKGROUND : colors[label];
}

/** Colours of all labels, or of a single one with the others faint, and light contours: as large as the picture. */
export function tinted(result, { width, height }) {
  const { labels, colors, single } = result, image = new ImageData(width, height);
  const paint = colors.map((_, label) => {
    const rgb = parseInt(colorOf(result, label).slice(1), 16), alpha = single === undefined || single === label ? SOLID : FAINT;
    return new Uint32Array(new Uint8Array([rgb >> 16, rgb >> 8, rgb, alpha]).buffer)[0];         // in the order of bytes that image data has
  });
  const pixels = new Uint32Array(image.data.buffer);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i];
      const edge = x + 1 < width && labels[i + 1] !== label || y + 1 < height && labels[i + width] !== label;
      pixels[i] = edge ? CONTOUR : paint[label];
    }
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
