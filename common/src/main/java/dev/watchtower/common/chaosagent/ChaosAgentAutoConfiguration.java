package dev.watchtower.common.chaosagent;

import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.time.SystemEdge;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chaos agent: off unless {@code watchtower.chaos-agent.enabled=true}. Needs nothing else of
 * Watchtower in the application but the folder of public keys.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnProperty(name = "watchtower.chaos-agent.enabled", havingValue = "true")
public class ChaosAgentAutoConfiguration {
  @Bean
  static LeaseBook leaseBook() {
    return new LeaseBook(System::nanoTime);
  }

  @Bean
  @SystemEdge("the application need not have a Clock")
  ChaosAgentFilter chaosAgentFilter(
      LeaseBook book,
      @Value("${watchtower.data-dir:${WATCHTOWER_DATA_DIR:.watchtower}}") String dataDir,
      JsonMapper json) {
    var keys = new KeyFiles(Path.of(dataDir).resolve("keys"));
    // The tokens live two minutes, so there is nothing to revoke.
    var verifier = new TokenVerifier(keys, ChaosAgentFilter.AUDIENCE, id -> false);
    return new ChaosAgentFilter(book, new ResourceFaults(book), verifier, Clock.systemUTC(), json);
  }

  @Bean
  WebMvcConfigurer chaosAgentInterceptors(LeaseBook book) {
    var interceptor = new FaultInterceptor(book, new SecureRandom());
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        // The health of the process itself stays honest.
        registry.addInterceptor(interceptor).excludePathPatterns("/health", "/health/**", "/error");
      }
    };
  }

  /** Apart, for applications without a database. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DelegatingDataSource.class)
  static class Database {
    @Bean
    static BeanPostProcessor faultyDatabase(ObjectProvider<LeaseBook> book) {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof DataSource source && !(bean instanceof FaultyDataSource)
              ? new FaultyDataSource(source, book.getObject(), new SecureRandom())
              : bean;
        }
      };
    }
  }
}
