package dev.freecp.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.Golden;
import dev.freecp.cli.ServeRun;
import dev.freecp.image.Picture;
import dev.freecp.image.PicturePng;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Many requests at once, and many one after another. */
class LoadTest {

    private static final int AT_ONCE = 200, IN_A_ROW = 2000;

    @Test
    void everyAnswerIsRightOrSaysThatTheQueueIsFull() throws Exception {
        byte[] scene = Files.readAllBytes(Golden.path("shapes/dataset/JPEGImages/scene_0001.jpg"));
        try (ServeRun server = ServeRun.with("--queue", "32")) {
            byte[] right = server.post("v1/segment?format=labels", scene).body();
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) answers.add(server.postLater("v1/segment?format=labels", scene));
            int done = 0, refused = 0;
            for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
                HttpResponse<byte[]> response = answer.get();
                if (response.statusCode() == 200) {
                    assertArrayEquals(right, response.body());
                    done++;
                } else {
                    assertEquals(429, response.statusCode());
                    assertTrue(response.headers().firstValueAsLong("Retry-After").orElse(0) >= 1);
                    refused++;
                }
            }
            assertEquals(AT_ONCE, done + refused);
            assertTrue(done >= 34, done + " were done, but 2 workers and 32 who wait make 34");
            assertEquals(0, server.metric("freecp_queue_length"));
        }
    }

    @Test
    void whoFindsNoPlaceIsToldWhenToComeAgain() throws Exception {
        try (WorkQueue queue = new WorkQueue(1)) {
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> waiting = new ArrayList<>();
            List<WorkQueue.Place> places = List.of(queue.enter(), queue.enter(), queue.enter());
            for (WorkQueue.Place place : places) waiting.add(Thread.startVirtualThread(() -> {
                try (place) {
                    place.work(() -> {
                        go.await();
                        return 0;
                    });
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
            Refusal refusal = assertThrows(Refusal.class, queue::enter);
            assertEquals(429, refusal.reply().status());
            assertTrue(Integer.parseInt(refusal.reply().headers().get("Retry-After")) >= 1);
            go.countDown();
            for (Thread thread : waiting) thread.join();
            assertEquals(0, queue.length());
            queue.enter().close();
        }
    }

    @Test
    void thousandsOfRequestsLeaveNothingBehind() throws Exception {
        byte[] picture = noise(24, 24);
        try (ServeRun server = ServeRun.with("--keep", "4")) {
            String fast = "crop=0&resize=none&steps=none";
            ask(server, picture, fast, IN_A_ROW / 4);
            long before = heap();
            ask(server, picture, fast, IN_A_ROW);
            long grown = heap() - before;
            assertTrue(grown < 4 << 20, grown + " bytes more after " + IN_A_ROW + " requests");
            assertEquals(4, server.metric("freecp_pictures_kept"));
        }
    }

    /** Every fourth request keeps a picture. */
    private static void ask(ServeRun server, byte[] picture, String query, int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            String path = i % 4 == 0 ? "v1/pictures?" + query : "v1/segment?" + query;
            int status = server.post(path, picture).statusCode();
            assertTrue(status == 200 || status == 201, path);
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static byte[] noise(int height, int width) throws Exception {
        byte[] rgb = new byte[3 * height * width];
        new Random(8).nextBytes(rgb);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        PicturePng.write(png, Picture.of("noise", height, width, rgb));
        return png.toByteArray();
    }
}
