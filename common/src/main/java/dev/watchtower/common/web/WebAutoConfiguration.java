package dev.watchtower.common.web;

import dev.watchtower.common.problem.ProblemAutoConfiguration;
import dev.watchtower.common.problem.ProblemWriter;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

/** Request log, trace context, body limit and error answers of every service. */
@AutoConfiguration(
    after = ProblemAutoConfiguration.class,
    beforeName = "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration")
@ConditionalOnProperty("watchtower.service")
public class WebAutoConfiguration {
  @Bean
  RequestLogFilter requestLogFilter() {
    return new RequestLogFilter();
  }

  @Bean
  BodyLimitFilter bodyLimitFilter(
      @Value("${watchtower.web.max-body:1MB}") DataSize limit,
      @Value("${watchtower.web.own-limit:}") List<String> exempt,
      ProblemWriter problems) {
    return new BodyLimitFilter(limit.toBytes(), exempt, problems);
  }

  @Bean
  @ConditionalOnMissingBean(ErrorController.class)
  ErrorPage errorPage(ProblemWriter problems) {
    return new ErrorPage(problems);
  }

  @Bean
  ProblemPages problemPages() {
    return new ProblemPages();
  }
}
