import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** The answers of 2022 as one CSV file, whole or not at all. `java Answers.java`; BASE ends in /api/v1, KEY is an API key. */
public class Answers {
  public static void main(String[] arguments) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("BASE") + "/rounds/2022/answers.csv"))
        .header("Authorization", "Bearer " + System.getenv("KEY"))
        .build();
    Path file = Path.of("answers.csv");
    HttpResponse<Path> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofFile(file));
    String text = Files.readString(file);
    if (answer.statusCode() != 200) {
      throw new IOException(text); // It says what to do.
    }
    long expected = answer.headers().firstValueAsLong("X-Row-Count").orElseThrow();
    long rows = records(text) - 1;
    if (rows != expected) {
      throw new IOException("cut off: " + rows + " rows of " + expected);
    }
    System.out.println(rows + " responses, the file is whole");
  }

  /** Lines that end outside quotes: an answer may have line breaks of its own. */
  private static long records(String text) {
    long count = 0;
    boolean isQuoted = false;
    for (char c : text.toCharArray()) {
      isQuoted ^= c == '"';
      count += c == '\n' && !isQuoted ? 1 : 0;
    }
    return count;
  }
}
