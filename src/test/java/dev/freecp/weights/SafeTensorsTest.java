package dev.freecp.weights;

import dev.freecp.error.InputException;
import dev.freecp.tensor.DType;
import dev.freecp.tensor.Shape;
import dev.freecp.tensor.Tensor;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SafeTensorsTest {

    /** Two tensors, written in the header against the order of their data; the header's length is odd, so all numbers lie at odd bytes. */
    private static final String GOOD = "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[6,14]},"
        + "\"a\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[0,6]}} ";

    @TempDir
    Path folder;

    @Test
    void readsNamesShapesTypesMetadataAndBytes() {
        assertTrue(GOOD.length() % 2 == 1);
        try (SafeTensors file = open(GOOD, 14)) {
            assertEquals(List.of("a", "b"), file.names());
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(Shape.unnamed(2, 3), file.shape("a"));
            assertEquals(DType.F32, file.type("b"));
            assertEquals(6, file.tensor("a").getByte(1, 2));
            assertEquals(Float.intBitsToFloat(0x0a090807), file.tensor("b").get(0, 0));
        }
    }

    @Test
    void readsTheReferenceLibrarysFile() {
        try (SafeTensors file = SafeTensors.open(RawFile.testData("shapes/model/model.safetensors"))) {
            assertEquals(158, file.names().size());
            assertEquals(Shape.SCALAR, file.shape("logit_scale"));
            assertEquals(Math.log(30.35), file.tensor("logit_scale").get(0, 0), 1e-3);
        }
    }

    @Test
    void acceptsWhatTheReferenceAccepts() {
        open("{}", 0).close();
        open("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2],\"more\":[1]}}  \n ", 2).close();
        open("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"\":{\"dtype\":\"F64\",\"shape\":[0,7],\"data_offsets\":[2,2]}}", 2).close();
    }

    /** Each line: dtype, shape, offsets of the second tensor, bytes of data, words that the refusal must have. The first tensor has bytes 0 to 8. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "F32" | [2]          | [8,16]  | 15 | is cut short: its tensors need a file of 140 bytes, it has 139
        "F32" | [2]          | [8,16]  | 17 | 1 bytes after the last tensor
        "F32" | [2]          | [4,12]  | 16 | overlaps 'first'
        "F32" | [2]          | [0,8]   | 8  | overlaps
        "F32" | [2]          | [9,17]  | 17 | 1 bytes before tensor 'second' belong to no tensor
        "F32" | [2]          | [99,107]| 16 | outside
        "F32" | [0]          | [4,4]   | 8  | overlaps
        "F32" | [2]          | [16,8]  | 16 | end before they begin
        "F32" | [2]          | [-8,0]  | 16 | outside
        "F32" | [2]          | [8.0,16]| 16 | must be two whole numbers
        "F32" | [2]          | [8]     | 16 | must be two whole numbers
        "F32" | [2]          | [8,16,16] | 16 | must be two whole numbers
        "F32" | [2]          | [8,1000000000000000000000] | 16 | must be two whole numbers
        "F32" | [2]          | [9223372036854775799,9223372036854775807] | 16 | outside
        "F32" | [2]          | null    | 16 | must be two whole numbers
        "F32" | [3]          | [8,16]  | 16 | hold 8 bytes, but F32 [3] needs 3 times 4
        "F64" | [2]          | [8,16]  | 16 | hold 8 bytes, but F64 [2] needs 2 times 8
        "F32" | [-2]         | [8,16]  | 16 | shape must hold whole numbers
        "F32" | [-1,-2]      | [8,16]  | 16 | shape must hold whole numbers
        "F32" | [2.0]        | [8,16]  | 16 | shape must hold whole numbers
        "F32" | ["2"]        | [8,16]  | 16 | but is ["2"]
        "F32" | [4294967298] | [8,16]  | 16 | shape must hold whole numbers
        "F32" | [0,4294967296] | [8,8] | 8  | shape must hold whole numbers
        "F32" | [65536,65536,0] | [8,8] | 8 | more than 2147483647 rows
        "F64" | [2147483647,2147483647] | [8,34359738384] | 8 | needs 4611686014132420609 times 8
        "F32" | 2            | [8,16]  | 16 | shape must be an array
        "F8_E4M3" | [8]      | [8,16]  | 16 | dtype F8_E4M3 is not one of those read here
        "f32" | [2]          | [8,16]  | 16 | dtype f32
        4     | [2]          | [8,16]  | 16 | dtype must be a string
        "F32" | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2] \
        | [8,16] | 16 | has 65 dimensions
        """)
    void refusesLiesAboutATensor(String dtype, String shape, String offsets, int dataBytes, String wanted) {
        String header = "{\"first\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
            + "\"second\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        refuses(RawFile.bytes(header, dataBytes), wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        []                                        | must start with '{'
        ` {}`                                     | must start with '{'
        {} x                                      | no valid JSON
        {}{}                                      | more follows
        {"a":1}                                   | tensor 'a' must be an object
        {"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 'a'
        {"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}} | 'dtype'
        {"__metadata__":{"a":"1","a":"1"}}        | 'a'
        {"__metadata__":{"a":1}}                  | __metadata__ must hold strings, but 'a' is 1
        {"__metadata__":[]}                       | __metadata__ must be an object
        {"\\ud800":{}}                            | surrogate
        {'a':1}                                   | no valid JSON
        {"a":NaN}                                 | no valid JSON
        {"a":                                     | no valid JSON
        """)
    void refusesHeadersThatAreNoStrictJson(String header, String wanted) {
        refuses(RawFile.bytes(header, 0), wanted);
    }

    @Test
    void refusesNestingBombs() {
        refuses(RawFile.bytes("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0), "depth");
    }

    @Test
    void refusesBrokenUtf8() {
        byte[] bytes = RawFile.bytes("{\"aa\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0);
        bytes[10] = (byte) 0xc0;   // an overlong form of NUL, which lenient decoders take
        bytes[11] = (byte) 0x80;
        refuses(bytes, "not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({"0,too short", "1,too short", "1000,its header needs a file of at least 1008 bytes", "100000001,above the format's bound",
        "-1,18446744073709551615", "-8,18446744073709551608"})
    void refusesHeaderLengthsThatCannotBe(long length, String wanted) {
        byte[] bytes = RawFile.bytes("{}", 0);
        for (int i = 0; i < 8; i++) bytes[i] = (byte) (length >>> 8 * i);
        refuses(bytes, wanted);
    }

    @Test
    void saysWhatAMistakenFileIs() {
        refuses("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".getBytes(), "Git LFS pointer");
        refuses("PK\3\4 and so on, an archive".getBytes(), "freecp weights convert");
    }

    @Test
    void refusesWhatIsNoFile() {
        assertTrue(assertThrows(InputException.class, () -> SafeTensors.open(folder)).getMessage().startsWith(folder.toString()));
        assertTrue(assertThrows(InputException.class, () -> SafeTensors.open(folder.resolve("none"))).getMessage().contains("no such file"));
    }

    @Test
    void refusesAFileCutAnywhere() {
        byte[] whole = RawFile.bytes(GOOD, 14);
        for (int length = 0; length < whole.length; length++) refuses(Arrays.copyOf(whole, length), "");
    }

    @Test
    void neverFailsOtherwiseThanByRefusing() {
        byte[] whole = RawFile.bytes(GOOD, 14);
        String alphabet = "{}[]\",:0123456789-.eE\\u FUBI ab_\0\u007f";
        Random random = new Random(20);
        int read = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(bytes.length - 14);
                bytes[at] = random.nextInt(8) == 0 ? (byte) random.nextInt() : (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            try (SafeTensors file = SafeTensors.open(RawFile.write(folder.resolve("mutant"), bytes))) {
                for (String name : file.names()) file.tensor(name).segment().toArray(ValueLayout.JAVA_BYTE);
                read++;
            } catch (InputException e) {
                assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
            }
        }
        assertTrue(read > 0 && read < 3000, "both ways must have been gone: " + read);
    }

    @Test
    void readsBeyondTwoGigabytes() throws IOException {
        long gap = 5L << 30;
        Assumptions.assumeTrue(folder.toFile().getUsableSpace() > 2 * gap, "needs room for a sparse file");
        byte[] start = RawFile.bytes("{\"gap\":{\"dtype\":\"U8\",\"shape\":[5,1073741824],\"data_offsets\":[0," + gap + "]},"
            + "\"far\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + gap + "," + (gap + 4) + "]}}", 0);
        Path path = folder.resolve("sparse.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(start);
            file.setLength(start.length + gap + 4);
            file.seek(start.length + gap);
            file.writeInt(Integer.reverseBytes(Float.floatToIntBits(42.5f)));
        }
        try (SafeTensors file = SafeTensors.open(path)) {
            assertEquals(42.5f, file.tensor("far").get(0, 0));
            assertEquals(0, file.tensor("gap").getByte(4, 1073741823));
        }
        Files.delete(path);
    }

    @Test
    void tensorsDieWithTheFile() {
        SafeTensors file = open(GOOD, 14);
        Tensor tensor = file.tensor("a");
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, tensor.segment().toArray(ValueLayout.JAVA_BYTE));
        file.close();
        assertThrows(IllegalStateException.class, () -> tensor.getByte(0, 0));
    }

    @Test
    void refusesAnUnknownName() {
        try (SafeTensors file = open(GOOD, 14)) {
            assertFalse(file.has("c"));
            assertTrue(assertThrows(InputException.class, () -> file.tensor("c")).getMessage().contains("'c'"));
        }
    }

    private SafeTensors open(String header, int dataBytes) {
        return SafeTensors.open(RawFile.write(folder.resolve("x.safetensors"), RawFile.bytes(header, dataBytes)));
    }

    private void refuses(byte[] bytes, String wanted) {
        Path file = RawFile.write(folder.resolve("x.safetensors"), bytes);
        String message = assertThrows(InputException.class, () -> SafeTensors.open(file).close()).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(wanted), message);
    }
}
