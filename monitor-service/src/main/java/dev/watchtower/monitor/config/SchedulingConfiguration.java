package dev.watchtower.monitor.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Threads for the small recurring tasks, apart from the ones that keep live connections alive. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class SchedulingConfiguration {
  @Bean
  TaskScheduler taskScheduler() {
    var scheduler = new ThreadPoolTaskScheduler();
    scheduler.setPoolSize(2);
    scheduler.setThreadNamePrefix("scheduled-");
    scheduler.setDaemon(true);
    return scheduler;
  }
}
