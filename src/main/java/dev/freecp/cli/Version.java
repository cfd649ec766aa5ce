package dev.freecp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as Maven wrote it into the jar. */
public final class Version implements IVersionProvider {

    private static final String POM_PROPERTIES = "/META-INF/maven/dev.freecp/freecp/pom.properties";

    /** {@code 0.1.0}, or {@code development} where the classes lie in no jar. */
    public static String number() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream(POM_PROPERTIES)) {
            if (in == null) return "development";
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"freecp " + number() + " (Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")"};
    }
}
