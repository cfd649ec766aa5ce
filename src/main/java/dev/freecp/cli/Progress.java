package dev.freecp.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long task is, with its rate and the time that remains; only on a terminal. */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 79;
    private static final int UPDATE_MILLIS = 200;

    private final Console console;
    private final ProgressBar bar;

    private Progress(Console console, ProgressBar bar) {
        this.console = console;
        this.bar = bar;
    }

    /**
     * Starts to show progress, if anybody watches and there is more than one step.
     *
     * @param task what is counted, such as {@code pictures}
     */
    static Progress of(Console console, boolean quiet, String task, int steps) {
        if (quiet || steps < 2 || !console.isTerminal()) return new Progress(console, null);
        DecimalFormat rate = new DecimalFormat("0.00", DecimalFormatSymbols.getInstance(Locale.ROOT));
        return new Progress(console, new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(UPDATE_MILLIS)
            .setMaxRenderedLength(WIDTH).showSpeed(rate).setSpeedUnit(ChronoUnit.SECONDS).setConsumer(new Line(console)).build());
    }

    void step(int steps) {
        if (bar != null) bar.stepBy(steps);
    }

    @Override
    public void close() {
        if (bar == null) return;
        bar.close();
        console.wipe();    // the bar is drawn once more when it is closed
    }

    /** Shares the terminal's last line with everything else that is written. */
    private record Line(Console console) implements ProgressBarConsumer {

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String rendered) {
            console.bar(rendered);
        }

        @Override
        public void close() {
            // The console outlives the bar.
        }
    }
}
