package dev.watchtower.common.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import tools.jackson.databind.json.JsonMapper;

class ProblemAdviceTest {
  private static MockHttpServletResponse answerTo(Exception thrown) throws IOException {
    var response = new MockHttpServletResponse();
    new ProblemAdvice(new ProblemWriter(JsonMapper.builder().build()))
        .answer(thrown, new MockHttpServletRequest("GET", "/things"), response);
    return response;
  }

  @Test
  void aCallerWhoHungUpIsNoAccident() throws Exception {
    var pipe = new IOException("Broken pipe");
    for (var thrown :
        new Exception[] {
          new ClientAbortException(pipe),
          new HttpMessageNotWritableException("x", new ClientAbortException(pipe)),
          new HttpMessageNotWritableException(
              "x", new IllegalStateException(new AsyncRequestNotUsableException("gone", pipe)))
        }) {
      assertThat(answerTo(thrown).getContentAsString()).as(thrown.toString()).isEmpty();
    }
    assertThat(answerTo(new HttpMessageNotWritableException("no such type")).getStatus())
        .isEqualTo(500);
  }

  /** Known by its name: this module has no JPA. */
  private static final class JpaSystemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JpaSystemException(String message) {
      super(message);
    }
  }

  @Test
  void aConnectionThatBreaksInTheMiddleIsNoAccident() throws Exception {
    var broken = new JpaSystemException("Unable to rollback against JDBC Connection");

    assertThat(answerTo(broken).getStatus()).isEqualTo(503);
    assertThat(answerTo(new JpaSystemException("could not extract column")).getStatus())
        .isEqualTo(500);
  }

  @Test
  void whatTheDatabaseRefusesOrHasNotYetIsNoAccident() throws Exception {
    assertThat(answerTo(sql("22021")).getStatus()).isEqualTo(400);
    for (var state : new String[] {"42P01", "3F000", "08006", "57P01"}) {
      var answer = answerTo(sql(state));
      assertThat(answer.getStatus()).as(state).isEqualTo(503);
      assertThat(answer.getHeader("Retry-After")).isEqualTo("2");
      assertThat(answer.getContentAsString())
          .as("it may have died at the commit")
          .contains("look whether it was stored")
          .doesNotContain("Nothing was stored");
    }
    assertThat(answerTo(sql("23505")).getStatus()).isEqualTo(500);
  }

  @Test
  void aFileThatSqliteCannotWriteIsNoAccident() throws Exception {
    for (int code : new int[] {5, 8, 10, 13}) {
      var answer = answerTo(new IllegalStateException(new SQLException("x", null, code)));
      assertThat(answer.getStatus()).as("code " + code).isEqualTo(503);
      assertThat(answer.getHeader("Retry-After")).isEqualTo("2");
    }
    assertThat(answerTo(new SQLException("full", null, 13)).getContentAsString())
        .contains("The disk is full");
    assertThat(answerTo(new SQLException("constraint", null, 19)).getStatus()).isEqualTo(500);
  }

  private static Exception sql(String state) {
    return new IllegalStateException(new SQLException("x", state));
  }
}
