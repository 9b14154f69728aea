/**
 * The course of an analysis: asked for, run within its deadline, stored, told to incident-service.
 * Core.
 */
@NullMarked
package dev.watchtower.analysis.run;

import org.jspecify.annotations.NullMarked;
