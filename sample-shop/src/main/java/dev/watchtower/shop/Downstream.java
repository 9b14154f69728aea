package dev.watchtower.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;

/**
 * Says honestly what went wrong further down: 502 for a failure there, 503 when nothing answers in
 * time.
 */
@RestControllerAdvice
class Downstream {
  private static final Logger LOG = LoggerFactory.getLogger(Downstream.class);

  @ExceptionHandler
  ProblemDetail failed(HttpServerErrorException e) {
    return problem(
        HttpStatus.BAD_GATEWAY, "the next service failed with " + e.getStatusCode().value());
  }

  /** Also when it went silent, or broke off, in the middle of its answer. */
  @ExceptionHandler({ResourceAccessException.class, RestClientException.class})
  ProblemDetail silent(RestClientException e) {
    return problem(HttpStatus.SERVICE_UNAVAILABLE, "the next service does not answer");
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ProblemDetail databaseFailed(NestedRuntimeException e) {
    LOG.atError()
        .addKeyValue("reason", String.valueOf(e.getMostSpecificCause()))
        .log("the database failed");
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.INTERNAL_SERVER_ERROR, "the database failed");
  }

  @ExceptionHandler
  ProblemDetail refused(HttpClientErrorException e) {
    return ProblemDetail.forStatusAndDetail(e.getStatusCode(), "the order was refused");
  }

  private static ProblemDetail problem(HttpStatusCode status, String detail) {
    LOG.atError().addKeyValue("status", status.value()).log(detail);
    return ProblemDetail.forStatusAndDetail(status, detail);
  }
}
