package dev.freecp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code freecp serve} refuses before it loads a model. */
class ServeCommandTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--host 0.0.0.0|everybody who can reach 0.0.0.0 could use this server; give it a --token, or leave --host out",
        "--host no.such.host.invalid|there is no address of the name no.such.host.invalid to listen on",
        "--queue -1|--queue must be 0 or more, not -1",
        "--timeout 0|--timeout must be at least one second, not 0",
        "--max-body 2G|--max-body must be at most 1G, for a body is held in memory",
        "--tau-r 3|tau-r must lie between 0 and 1, not 3.0",
        "--port 70000|--port must lie between 0 and 65535, not at 70000"})
    void refusesWhatCannotBe(String options, String sentence) {
        Run run = serve(options.split(" "));
        assertEquals(2, run.code());
        assertEquals(List.of("freecp: " + sentence), run.errorLines());
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServeRun first = ServeRun.with()) {
            Run run = serve("--port", Integer.toString(first.port()));
            assertEquals(2, run.code());
            assertTrue(run.err().contains("cannot listen on localhost:" + first.port()), run.err());
        }
    }

    private static Run serve(String... more) {
        return Run.of(Stream.of(Stream.of("serve", "--model", Run.MODEL), ServeRun.METHOD.stream(), Stream.of(more)).flatMap(part -> part).toArray());
    }
}
