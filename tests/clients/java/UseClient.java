import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facilities_audit.client.ApiClient;
import org.facilities_audit.client.ApiException;
import org.facilities_audit.client.api.AssociationsApi;
import org.facilities_audit.client.api.KpisApi;
import org.facilities_audit.client.api.ResponsesApi;
import org.facilities_audit.client.api.WorkforceApi;
import org.facilities_audit.client.model.Answer;
import org.facilities_audit.client.model.AnswerChange;
import org.facilities_audit.client.model.AnswerPatch;
import org.facilities_audit.client.model.AnswerStatus;
import org.facilities_audit.client.model.Count;
import org.facilities_audit.client.model.CountsPut;
import org.facilities_audit.client.model.GapList;
import org.facilities_audit.client.model.GapRow;
import org.facilities_audit.client.model.NewPost;
import org.facilities_audit.client.model.Problem;
import org.facilities_audit.client.model.QuestionnaireResponse;
import org.facilities_audit.client.model.ScenarioPlan;
import org.facilities_audit.client.model.StaffRole;

/** A warehouse's year in calls of the generated client. Run with BASE (…/api/v1) and KEY. */
public class UseClient {
  private static final ApiClient CLIENT = new ApiClient();

  public static void main(String[] arguments) throws Exception {
    CLIENT.updateBaseUri(System.getenv("BASE"));
    String authorization = "Bearer " + System.getenv("KEY");
    CLIENT.setRequestInterceptor(request -> request.header("Authorization", authorization));

    List<GapRow> rows = new ArrayList<>();
    int pages = gapsOverSeveralPages(rows);
    changeThroughAConflict();
    countsWithABadRow();

    KpisApi kpis = new KpisApi(CLIENT);
    var benchmark = kpis.getBenchmark(4, 2021, null, null, null, null, null, null, null, null, null);
    holds(benchmark.getNational().getDenominator() > 0 && !benchmark.getItems().isEmpty(), benchmark);
    var associations = new AssociationsApi(CLIENT)
        .getAssociations(2021, null, null, null, null, null, null, null, null, null, null, null);
    holds(associations.getPlan() != null && !associations.getItems().isEmpty(), associations);

    NewPost post = new NewPost().role(StaffRole.NURSE).band("7").wte(1.0).startYear(1L).startMonth(4L);
    ScenarioPlan plan = new ScenarioPlan().year(2021).years(3L).service("FLS012").posts(List.of(post));
    var outcome = new WorkforceApi(CLIENT).previewScenario(plan);
    holds(!outcome.getYears().isEmpty(), outcome);

    File workbook = new WorkforceApi(CLIENT).downloadStaffingGaps(2021, null, null, null, null, null, null);
    byte[] bytes = Files.readAllBytes(workbook.toPath());
    holds(bytes[0] == 'P' && bytes[1] == 'K', workbook);
    System.out.printf("java: %d rows over %d pages, a conflict, a bad row, a workbook of %d bytes%n",
        rows.size(), pages, bytes.length);
  }

  private static int gapsOverSeveralPages(List<GapRow> rows) throws ApiException {
    WorkforceApi workforce = new WorkforceApi(CLIENT);
    int pages = 0;
    String after = null;
    do {
      GapList page = workforce.listStaffingGaps(2021, null, null, null, null, null, 50L, after, null, null);
      rows.addAll(page.getItems());
      pages++;
      after = page.getNext();
    } while (after != null);
    Set<String> distinct = new HashSet<>();
    rows.forEach(row -> distinct.add(row.getService() + " " + row.getBasis()));
    holds(pages > 2 && distinct.size() == rows.size(), pages);
    return pages;
  }

  /** A change that is based on an older version comes back with what is there now, and is made on that. */
  private static void changeThroughAConflict() throws Exception {
    ResponsesApi responses = new ResponsesApi(CLIENT);
    long version;
    try {
      responses.changeAnswers(2022, "FLS012", surveyed(7));
      throw new AssertionError("a change on an old version was made");
    } catch (ApiException refused) {
      holds(refused.getCode() == 412, refused);
      Problem problem = CLIENT.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
      Answer current = problem.getConflicts().get(0).getCurrent();
      version = current == null ? 0 : current.getVersion();
    }
    QuestionnaireResponse changed = responses.changeAnswers(2022, "FLS012", surveyed(version));
    boolean isStored = changed.getAnswers().stream()
        .anyMatch(answer -> answer.getLinkId().equals("patient_survey") && answer.getBoolean());
    holds(isStored, changed);
    QuestionnaireResponse read = responses.getResponse(2022, "FLS012", null, null);
    holds(read.getService().equals("FLS012"), read);
  }

  private static AnswerPatch surveyed(long version) {
    AnswerChange change = new AnswerChange().linkId("patient_survey").status(AnswerStatus.ANSWERED);
    return new AnswerPatch().answers(List.of(change.version(version)._boolean(true)));
  }

  private static void countsWithABadRow() throws Exception {
    KpisApi kpis = new KpisApi(CLIENT);
    Count good = count("2022-01", 4, 41, 60);
    CountsPut counts = new CountsPut().items(List.of(good, count("2022-02", 12, 1, 2)));
    try {
      kpis.putCounts(counts, null, null);
      throw new AssertionError("a bad row was taken");
    } catch (ApiException refused) {
      holds(refused.getCode() == 422, refused);
      Problem problem = CLIENT.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
      holds(problem.getCounts().getRejected() == 1, problem);
    }
    var stored = kpis.putCounts(counts, null, true);
    holds(stored.getStored() && stored.getRejected() == 1, stored);
    holds(stored.getProblems().get(0).getColumn().equals("kpi"), stored);
  }

  private static Count count(String month, int kpi, long numerator, long denominator) {
    Count count = new Count().service("FLS012").month(month).kpi(kpi).stratum("");
    return count.numerator(numerator).denominator(denominator);
  }

  private static void holds(boolean condition, Object found) {
    if (!condition) {
      throw new AssertionError(String.valueOf(found));
    }
  }
}
