package dev.watchtower.launcher.files;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells a folder from its copies, and knows it again where it was moved. */
public final class FolderIdentity {
  private FolderIdentity() {}

  /**
   * What tells {@code folder} from every other one that is there, as one word: device and inode, or
   * its path on a file system that has no such thing.
   *
   * @throws IOException if there is no such folder
   */
  public static String of(Path folder) throws IOException {
    var key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return URLEncoder.encode(
        key == null ? folder.toRealPath().toString() : key.toString(), StandardCharsets.UTF_8);
  }
}
