package dev.freecp.bench.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.bench.report.Measurement;
import dev.freecp.bench.report.Result;
import dev.freecp.bench.report.Results;
import dev.freecp.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private int freecp(String... words) {
        PrintStream stream = new PrintStream(said);
        return Main.run(words, stream, stream);
    }

    /** What a program that measured one thing leaves. */
    private Path file(String name, String who, double value) throws IOException {
        Path file = folder.resolve(name);
        Results results = new Results(file, Map.of("card", "a <card>"));
        results.add(new Result("tower", "batch 24", who, "fp16", value, "windows/s", new Measurement(1e6 / value, 1, 2, 9), Map.of("share of peak", 0.5)));
        results.leaveOut("pictures", "out of time");
        results.write();
        return file;
    }

    @Test
    void whatIsComparableStandsInOnePlot() throws IOException {
        Path page = folder.resolve("page.html");
        assertEquals(0, freecp("bench", "report", file("gpu.json", "freecp", 2500).toString(), file("torch.json", "torch.compile", 2000).toString(), "-o", page.toString()), said.toString());
        String html = Files.readString(page);
        assertEquals(2, html.split("<svg", -1).length, html);
        for (String text : new String[] {">freecp fp16<", ">torch.compile fp16<", ">2500.0, 50 % of peak<", "<dd>a &lt;card&gt;</dd>", "<li>pictures: out of time</li>"})
            assertTrue(html.contains(text), text + "\n" + html);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}");
        assertEquals(3, freecp("bench", "report", other.toString(), "-o", folder.resolve("page.html").toString()));
        assertTrue(said.toString().contains("other.json: results of 'freecp bench cpu', 'freecp bench gpu'"), said.toString());
    }

    @Test
    void everyCommandExplainsItselfWithAnExample() {
        for (String[] words : new String[][] {{"bench", "--help"}, {"bench", "cpu", "--help"}, {"bench", "gpu", "--help"}, {"bench", "report", "--help"}}) assertEquals(0, freecp(words));
        assertEquals(4, said.toString().split("Examples?:", -1).length - 1, said.toString());
        assertTrue(said.toString().lines().allMatch(line -> line.length() <= 110), said.toString());
    }
}
