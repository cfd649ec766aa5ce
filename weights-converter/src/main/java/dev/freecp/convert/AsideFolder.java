package dev.freecp.convert;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that is filled beside its place and moved there when it is whole. Until then, whatever goes wrong and however the JVM is ended, its place
 * is as it was.
 */
final class AsideFolder implements AutoCloseable {

    private final Path target;
    private final Path aside;
    private final List<Path> created;
    private final Thread onExit = Thread.ofPlatform().unstarted(this::discard);

    private AsideFolder(Path target, Path aside, List<Path> created) {
        this.target = target;
        this.aside = aside;
        this.created = created;
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** @throws UsageException if results may not come to lie in {@code target}: it is a file, or holds something and {@code force} is not given */
    static void requireFree(Path target, boolean force) {
        if (Files.exists(target) && !Files.isDirectory(target)) throw new UsageException(target + ": is a file; wanted a folder that does not exist yet");
        if (!force && Files.isDirectory(target) && !isEmpty(target)) throw new UsageException(target + ": is not empty; choose another folder, or --force to write into this one");
    }

    /** @throws InputException if the folder cannot be made */
    static AsideFolder beside(Path target) {
        Path place = target.toAbsolutePath().normalize();
        List<Path> created = new ArrayList<>();
        for (Path p = place.getParent(); p != null && !Files.exists(p); p = p.getParent()) created.add(p);
        try {
            Files.createDirectories(place.getParent());
            return new AsideFolder(place, Files.createDirectory(place.resolveSibling("." + place.getFileName() + "." + UUID.randomUUID() + ".part")), created);
        } catch (IOException e) {
            created.forEach(AsideFolder::deleteIfEmpty);
            throw cannotWrite(target, e);
        }
    }

    Path path(String name) {
        return aside.resolve(name);
    }

    /** Gives the folder its name. Into a folder that holds something the files are moved one by one, replacing those of their names. */
    void publish() {
        try {
            if (!Files.exists(target) || isEmpty(target)) {
                Files.deleteIfExists(target);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                try (Stream<Path> files = Files.list(aside)) {
                    for (Path file : files.toList()) Files.move(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            created.clear();
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    private static InputException cannotWrite(Path target, IOException e) {
        return new InputException(target + ": cannot be written (" + (e instanceof FileSystemException system && system.getReason() != null ? system.getReason() : e) + ")", e);
    }

    private synchronized void discard() {
        if (Files.exists(aside)) {
            try (Stream<Path> files = Files.list(aside)) {
                for (Path file : files.toList()) Files.deleteIfExists(file);
                Files.delete(aside);
            } catch (IOException | UncheckedIOException e) {
                System.getLogger(AsideFolder.class.getName()).log(System.Logger.Level.WARNING, aside + " is left behind (" + e.getMessage() + ")");
            }
        }
        created.forEach(AsideFolder::deleteIfEmpty);
    }

    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // Somebody else has put something there meanwhile, and then it has to stay.
        }
    }

    @Override
    public void close() {
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException _) {
            // The JVM is ending; the hook finds nothing left to do.
        }
    }
}
